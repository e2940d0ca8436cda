import type { Located } from '../config/yaml/located.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { GivenParameter } from '../postgres/given-parameter.ts'
import { settingsFromPsycopg } from '../postgres/libpq.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { isPresent } from './yaml-truth.ts'

interface ConnectionPlace {
  /** Dotted, such as `database.args`. */
  readonly path: string
  readonly origin: string
}

/** The arguments of psycopg2 as settings. What is wrong is pushed onto `problems`, each at its line. */
export const readConnection = (
  args: Located | undefined,
  { path, origin }: ConnectionPlace,
  problems: Problem[],
): PostgresSettings | undefined => {
  const given = new Map<string, GivenParameter>()
  const before = problems.length
  for (const [name, value] of args?.kind === 'map' ? args.entries : []) {
    const parameter = toParameter(`${path}.${name}`, value, problems)
    if (parameter) given.set(name, parameter)
  }
  const settled = settingsFromPsycopg(given, { origin })
  for (const problem of settled.problems) {
    const at = problem.at ?? args?.at
    problems.push({ ...problem, message: `\`${path}\`: ${problem.message}`, ...(at === undefined ? {} : { at }) })
  }
  return problems.length === before ? settled.settings : undefined
}

/** psycopg2 turns each argument into text; only texts, whole numbers and truths have one that does not depend on Python. */
const toParameter = (path: string, value: Located, problems: Problem[]): GivenParameter | undefined => {
  if (!isPresent(value)) return undefined
  const { at } = value
  if (value.kind === 'scalar') {
    const { value: scalar } = value
    if (typeof scalar === 'string' || typeof scalar === 'bigint' || Number.isInteger(scalar)) {
      return { value: String(scalar), at }
    }
    if (typeof scalar === 'boolean' && /\.cp_[^.]*$/u.test(path)) return { value: String(scalar), at }
  }
  const remedy = 'Put quotes around the value'
  problems.push({ message: `\`${path}\` must be a text or a whole number`, at, remedy })
  return undefined
}
