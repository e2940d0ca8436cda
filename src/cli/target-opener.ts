import { Syn2opError } from '../errors/syn2op-error.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { Target } from '../targets/target.ts'

export interface ForeignTargetContext {
  /** As `--target` names it. */
  readonly name: string
  readonly configFiles: readonly string[]
  readonly homeserver: HomeserverConfig
  readonly announced: () => Promise<readonly unknown[]>
}

/**
 * Finds a target of somebody else's and makes it ready to be opened.
 * @throws Syn2opError target.missing or target.invalid; the opener too, when what it opens is no target.
 */
export const foreignTargetOpener = async ({
  name,
  configFiles,
  homeserver,
  announced,
}: ForeignTargetContext): Promise<(signal: AbortSignal) => Promise<Target>> => {
  const { findTarget } = await import('./find-target.ts')
  const { asTarget, targetProblems } = await import('./target-shape.ts')
  const definition = await findTarget({ name, folder: process.cwd(), announced })
  return async (signal) => {
    const opened: unknown = await definition.open({
      configFiles,
      homeserver,
      signal,
    })
    const problems = targetProblems(opened)
    if (problems.length === 0) return asTarget(opened)
    throw new Syn2opError('target.invalid', `What the target ${definition.name} opens is not a target of syn2op`, {
      problems: problems.map((message) => ({ message })),
      next: ['See the interface Target of `syn2op/testing`, and run the suite there over the target.'],
    })
  }
}
