import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { leftAtTarget } from './left-at-target.ts'
import { type SlowRun, slowRuns } from './runs.ts'

/** What the folder of the runs knows of earlier runs into this target. */
export interface KnownRuns {
  readonly runs: readonly SlowRun[]
  /** The newest, where it did not end. */
  readonly unfinished?: SlowRun
  readonly lastDone?: SlowRun
  /** Whom they left at the target, as far as they know. */
  readonly left: ReadonlySet<string>
}

export const knownRuns = async (
  { runs: folder }: Pick<MigrationRequest, 'runs'>,
  { target, head }: Pick<Prepared, 'target' | 'head'>,
): Promise<KnownRuns> => {
  if (folder === undefined) return { runs: [], left: new Set() }
  const runs = await slowRuns(folder, {
    target: target.name,
    location: head.target.location,
    serverName: head.serverName,
  })
  const last = runs.at(-1)
  const lastDone = runs.findLast((one) => one.head.state === 'done')
  return {
    runs,
    ...(last?.head.state === 'open' ? { unfinished: last } : {}),
    ...(lastDone === undefined ? {} : { lastDone }),
    left: leftAtTarget(runs.map(({ file }) => file)),
  }
}
