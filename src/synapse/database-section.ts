import type { Located, LocatedMap } from '../config/yaml/located.ts'
import { type Section, sectionOver } from '../config/yaml/section.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { readDataStores } from './data-stores.ts'
import { readConnection } from './database-connection.ts'
import type { NamedDatabase } from './homeserver.ts'
import { isPresent, valueAt } from './yaml-truth.ts'

export interface SynapseDatabase {
  readonly database?: PostgresSettings
  readonly sqlite?: string
  /** Where there are several: which, the one with the accounts first. */
  readonly databases?: readonly NamedDatabase[]
}

const OVERRIDE = 'Name the database with the users by --synapse-database URL'

/**
 * The database with the accounts: that of `database` (or the old `database_path`), or the one of `databases` that has the
 * store `main`. What is wrong is pushed onto `problems`.
 */
export const readDatabase = (root: LocatedMap, problems: Problem[]): SynapseDatabase => {
  const several = valueAt(root, 'databases')
  const file = sectionOver(root, '', problems)
  if (isPresent(several) && !(several.kind === 'map' && several.entries.size === 0)) {
    for (const key of ['database', 'database_path']) {
      if (!file.has(key)) continue
      const message = `\`${key}\` and \`databases\` are both given`
      file.problem(message, { key, remedy: 'Keep one of them: Synapse refuses both' })
    }
    return readSeveral(several, problems)
  }
  const section = file.section('database')
  const sqlitePath = file.text('database_path')
  if (section.at === undefined) {
    if (sqlitePath) return { sqlite: sqlitePath.value }
    problems.push({ message: '`database` is missing', at: { file: root.at.file }, remedy: OVERRIDE })
    return {}
  }
  return readOne(section, { value: valueAt(root, 'database'), sqlitePath: sqlitePath?.value }, problems)
}

interface OneDatabase {
  readonly value: Located | undefined
  /** The old `database_path`, which wins where the database is SQLite. */
  readonly sqlitePath?: string | undefined
}

const readOne = (
  section: Section,
  { value, sqlitePath }: OneDatabase,
  problems: Problem[],
): Pick<SynapseDatabase, 'database' | 'sqlite'> => {
  const name = section.text('name')?.value ?? 'sqlite3'
  if (name === 'sqlite3') {
    const path = sqlitePath ?? section.section('args').text('database')?.value
    if (path === undefined) section.problem(`\`${section.path}.args.database\` is missing: the path of the SQLite file`)
    return path === undefined ? {} : { sqlite: path }
  }
  if (name !== 'psycopg2' && name !== 'psycopg') {
    section.problem(`\`${section.path}.name\` must be psycopg2 or sqlite3`, { key: 'name' })
    return {}
  }
  const args = value === undefined ? undefined : valueAt(value, 'args')
  if (isPresent(args) && args.kind !== 'map') {
    section.problem(`\`${section.path}.args\` must be a map of keys and values`, { key: 'args' })
    return {}
  }
  const { file, line } = section.at ?? { file: '', line: 1 }
  const database = readConnection(args, { path: `${section.path}.args`, origin: `${file}:${line}` }, problems)
  return database === undefined ? {} : { database }
}

const readSeveral = (several: Located, problems: Problem[]): SynapseDatabase => {
  const sections = sectionOver(several, 'databases', problems)
  if (several.kind !== 'map') return {}
  const before = problems.length
  const databases = readDataStores(several, problems)
  const [main] = databases
  if (main === undefined || problems.length > before) return {}
  return { ...readOne(sections.section(main.name), { value: several.entries.get(main.name) }, problems), databases }
}
