import type { Located, LocatedMap } from '../config/yaml/located.ts'
import { sectionOver } from '../config/yaml/section.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { GivenParameter } from '../postgres/given-parameter.ts'
import { settingsFromPsycopg } from '../postgres/libpq.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { isPresent, valueAt } from './yaml-truth.ts'

export interface SynapseDatabase {
  readonly database?: PostgresSettings
  readonly sqlite?: string
  /** Set when the file asks for what syn2op does not do: no error of the file. */
  readonly unsupported?: Problem
}

const OVERRIDE = 'Name the database with the users by --synapse-database URL'

/** psycopg2 turns each argument into text; only texts, whole numbers and truths have one that does not depend on Python. */
const toParameter = (name: string, value: Located, problems: Problem[]): GivenParameter | undefined => {
  if (!isPresent(value)) return undefined
  const { at } = value
  if (value.kind === 'scalar') {
    const { value: scalar } = value
    if (typeof scalar === 'string' || typeof scalar === 'bigint' || Number.isInteger(scalar)) {
      return { value: String(scalar), at }
    }
    if (typeof scalar === 'boolean' && name.startsWith('cp_')) return { value: String(scalar), at }
  }
  const remedy = 'Put quotes around the value'
  problems.push({ message: `\`database.args.${name}\` must be a text or a whole number`, at, remedy })
  return undefined
}

const readPostgres = (args: Located | undefined, origin: string, problems: Problem[]): PostgresSettings | undefined => {
  const given = new Map<string, GivenParameter>()
  const before = problems.length
  for (const [name, value] of args?.kind === 'map' ? args.entries : []) {
    const parameter = toParameter(name, value, problems)
    if (parameter) given.set(name, parameter)
  }
  const settled = settingsFromPsycopg(given, { origin })
  for (const problem of settled.problems) {
    const at = problem.at ?? args?.at
    problems.push({ ...problem, message: `\`database.args\`: ${problem.message}`, ...(at === undefined ? {} : { at }) })
  }
  return problems.length === before ? settled.settings : undefined
}

/** The one database of Synapse, from `database` (or the old `database_path`). What is wrong is pushed onto `problems`. */
export const readDatabase = (root: LocatedMap, problems: Problem[]): SynapseDatabase => {
  const several = valueAt(root, 'databases')
  if (isPresent(several)) {
    const message = '`databases` spreads Synapse over several databases'
    return { unsupported: { message, at: several.at, remedy: OVERRIDE } }
  }
  const file = sectionOver(root, '', problems)
  const section = file.section('database')
  const sqlitePath = file.text('database_path')
  if (section.at === undefined) {
    if (sqlitePath) return { sqlite: sqlitePath.value }
    problems.push({ message: '`database` is missing', at: { file: root.at.file }, remedy: OVERRIDE })
    return {}
  }
  const name = section.text('name')?.value ?? 'sqlite3'
  const args = valueAt(root, 'database.args')
  if (name === 'sqlite3') {
    const path = sqlitePath ?? section.section('args').text('database')
    if (path === undefined) section.problem('`database.args.database` is missing: the path of the SQLite file')
    return path === undefined ? {} : { sqlite: path.value }
  }
  if (name !== 'psycopg2' && name !== 'psycopg') {
    section.problem('`database.name` must be psycopg2 or sqlite3', { key: 'name' })
    return {}
  }
  if (isPresent(args) && args.kind !== 'map') {
    section.problem('`database.args` must be a map of keys and values', { key: 'args' })
    return {}
  }
  const database = readPostgres(args, `${section.at.file}:${section.at.line}`, problems)
  return database === undefined ? {} : { database }
}
