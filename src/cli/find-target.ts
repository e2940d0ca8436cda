import { Syn2opError } from '../errors/syn2op-error.ts'
import type { TargetDefinition } from '../targets/target-definition.ts'
import { locateModule } from './locate-module.ts'
import { asDefinition, definitionProblems } from './target-shape.ts'

export interface TargetSearch {
  /** As `--target` gives it: a plugin's name for its target, a file, or a package. */
  readonly name: string
  /** Where relative files and packages are looked for. */
  readonly folder: string
  /** What the plugins' hook `syn2op:targets` gave: each a definition, or a list of them. */
  readonly announced: () => Promise<readonly unknown[]>
}

/**
 * Finds a target of somebody else's.
 * @throws Syn2opError target.missing, or target.invalid with everything that is wrong with its definition.
 */
export const findTarget = async ({ name, folder, announced }: TargetSearch): Promise<TargetDefinition> => {
  const isFile = /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/u.test(name)
  if (!isFile) {
    const offered = (await announced()).flat()
    const own = offered.find((one) => nameOf(one) === name)
    if (own !== undefined) return validDefinition(own, `the target ${name} of a plugin`)
  }
  const location = await locateModule(name, { folder, kind: isFile ? 'file' : 'package' })
  if (location === undefined) throw missing(name, isFile, folder)
  return validDefinition(await loadTarget(location, name), `${name} (${location.pathname})`)
}

const nameOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined

const loadTarget = async (location: URL, name: string): Promise<unknown> => {
  try {
    const loaded: { readonly target?: unknown } = await import(location.href)
    return loaded.target
  } catch (cause) {
    throw new Syn2opError('target.invalid', `The target ${name} cannot be loaded`, {
      cause,
      problems: [{ message: cause instanceof Error ? cause.message : String(cause), at: { file: location.pathname } }],
      next: ['Mend the file: it must be an ES module that Node loads by itself.'],
    })
  }
}

const validDefinition = (value: unknown, what: string): TargetDefinition => {
  const problems = definitionProblems(value)
  if (problems.length === 0) return asDefinition(value)
  throw new Syn2opError('target.invalid', `What ${what} exports as \`target\` is no target of syn2op`, {
    problems: problems.map((message) => ({ message })),
    next: [
      'Export it as `export const target = { name, apiVersion: 1, open }`, a TargetDefinition of `syn2op/testing`.',
    ],
  })
}

const missing = (name: string, isFile: boolean, folder: string): Syn2opError =>
  new Syn2opError('target.missing', isFile ? `There is no file ${name} with a target` : `There is no target ${name}`, {
    next: isFile
      ? ['Name a JavaScript file that exports `target`; a path that is not absolute begins in this folder.']
      : [
          'This version brings three targets: mas, keycloak and auth0.',
          `Another one is a package: npm install ${name}, in ${folder}, or a file: --target ./target.js`,
        ],
  })
