import { type RawBuilder, sql } from 'kysely'
import type { ClientBase } from 'pg'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { run } from '../../postgres/statement.ts'
import { canaryRows } from './canaries.ts'
import { type SynapseTable, type SynapseVersion, synapseTables } from './catalogue.ts'
import { DEMO } from './constants.ts'
import { appliesTo } from './count.ts'
import { DEMO_DAMAGES } from './damage/damages.ts'
import { drawFunctions } from './draw.ts'
import { deviceStatements, devicesTable } from './population/devices.ts'
import { homeserverRows } from './population/homeserver.ts'
import { externalIdStatements, threepidStatements } from './population/identities.ts'
import { insertErased, insertPeople, insertProfiles, insertValidity, peopleTable } from './population/people.ts'
import { tokenStatements } from './population/tokens.ts'
import { type DemoRow, type DemoRows, insertRows, namesOn } from './rows.ts'
import type { DemoServer } from './special.ts'

export interface DemoOptions {
  /** Accounts of the population; the canaries and what damage makes by name come on top. At least 1. */
  readonly accounts: number
  /** all: every kind of damage that is known. none: a database that any importer should take without an error. */
  readonly damage: 'all' | 'none'
  /** The version of Synapse whose tables the database has. */
  readonly version: SynapseVersion
  /** Default: DEMO.serverName. */
  readonly serverName?: string
  /** The same seed gives the same rows, to the last byte. Default: 1. */
  readonly seed?: number
}

export interface FillOptions extends DemoOptions {
  /** The rows of people who are made by name. */
  readonly people: DemoRows
  /** What stands for the demo's own providers; undefined: their identities are left out. Absent: they are themselves. */
  readonly providers?: ReadonlyMap<string, string | undefined>
  /** Localpart of the account that damage takes for that of somebody else. Absent: a canary's. */
  readonly bystander?: string
}

/** Whom damage knows by name of those who are not its own. */
const BYSTANDER = 'bob'

const damagedServer = (serverName: string, bystander = BYSTANDER): DemoServer => {
  const at = namesOn(serverName)
  return { serverName, at: (localpart) => at(localpart === BYSTANDER ? bystander : localpart) }
}

/** Localparts of the accounts that damage makes. */
export const damagedNames = (serverName: string): ReadonlySet<string> => {
  const server = damagedServer(serverName)
  const names = DEMO_DAMAGES.flatMap((damage) => damage.rows?.(server).users ?? []).map(({ name }) => String(name))
  return new Set(names.map((name) => name.slice(1).replace(`:${serverName}`, '')))
}

/** Puts rows of several origins together by table; access tokens without an id get the next one from 1 on. */
const gather = (sources: readonly DemoRows[]): ReadonlyMap<SynapseTable, readonly DemoRow[]> => {
  const tables = new Map<SynapseTable, DemoRow[]>()
  let tokenId = 0
  for (const rows of sources) {
    for (const [table, more] of Object.entries(rows) as [SynapseTable, readonly DemoRow[]][]) {
      const numbered = table === 'access_tokens' ? more.map((row) => ({ id: ++tokenId, ...row })) : more
      tables.set(table, [...(tables.get(table) ?? []), ...numbered])
    }
  }
  return tables
}

/** Refresh tokens come first: access tokens point at them. */
const byReference = ([a]: readonly [SynapseTable, unknown], [b]: readonly [SynapseTable, unknown]): number =>
  Number(b === 'refresh_tokens') - Number(a === 'refresh_tokens')

const named = (options: FillOptions, serverName: string): readonly (RawBuilder<unknown> | undefined)[] => {
  const server = damagedServer(serverName, options.bystander)
  const damages = options.damage === 'none' ? [] : DEMO_DAMAGES.filter((damage) => appliesTo(options.version, damage))
  const { providers } = options
  const rows = gather([
    homeserverRows(options.version),
    options.people,
    ...damages.map((damage) => renamedIn(damage.rows?.(server) ?? {}, providers)),
  ])
  return [...rows].toSorted(byReference).map(([table, more]) => insertRows(options.version, table, more))
}

const renamedIn = (rows: DemoRows, providers: FillOptions['providers']): DemoRows => {
  const identities = rows.user_external_ids
  if (providers === undefined || identities === undefined) return rows
  return {
    ...rows,
    user_external_ids: identities.flatMap((row) => {
      const name = String(row['auth_provider'])
      const renamed = providers.has(name) ? providers.get(name) : name
      return renamed === undefined ? [] : [{ ...row, auth_provider: renamed }]
    }),
  }
}

/** In one statement each, since one's new name may be another's old one. */
const renamed = (providers: NonNullable<FillOptions['providers']>): readonly RawBuilder<unknown>[] => {
  const names = sql.lit(JSON.stringify(Object.fromEntries(providers)))
  const columns = [
    ['user_external_ids', 'auth_provider'],
    ['device_auth_providers', 'auth_provider_id'],
  ] as const
  return columns.flatMap(([table, column]) => {
    const [where, name] = [sql.id(table), sql.id(column)]
    return [
      sql`delete from ${where} where ${name} in (${sql.join([...providers.keys()].map((each) => sql.lit(each)))})
        and (${names}::jsonb ->> ${name}) is null`,
      sql`update ${where} set ${name} = coalesce(${names}::jsonb ->> ${name}, ${name})`,
    ]
  })
}

const population = (options: FillOptions, serverName: string): readonly (RawBuilder<unknown> | undefined)[] => [
  ...drawFunctions(options.seed ?? 1),
  peopleTable(options.accounts, serverName),
  sql`analyze demo_people`,
  insertPeople(options.version),
  insertProfiles(options.version),
  insertErased(options.version),
  insertValidity(options.version),
  ...threepidStatements(options.version),
  ...externalIdStatements(options.version),
  ...devicesTable(),
  ...deviceStatements(options.version),
  ...tokenStatements(options.version),
  ...(options.providers === undefined ? [] : renamed(options.providers)),
]

/**
 * Fills the empty tables of `synapseDdl` with a homeserver's people: made inside PostgreSQL, in one transaction, and
 * analysed at the end, so that plans are as good as on a real one.
 * @param client one connection of its own, in no transaction
 * @returns the number of rows in each table
 * @throws Syn2opError usage when `accounts` is not a whole number from 1 to a hundred million
 */
export const fillDemoHomeserver = async (
  client: ClientBase,
  options: DemoOptions,
): Promise<ReadonlyMap<SynapseTable, number>> => {
  if (!Number.isInteger(options.accounts) || options.accounts < 1 || options.accounts > 100_000_000) {
    throw new Syn2opError('usage', `A demo homeserver has 1 to 100000000 accounts, not ${options.accounts}`)
  }
  return fillHomeserver(client, { ...options, people: canaryRows(options.serverName ?? DEMO.serverName) })
}

/** The same with people of somebody else's choice, and with as many others as are asked for: none, too. */
export const fillHomeserver = async (
  client: ClientBase,
  options: FillOptions,
): Promise<ReadonlyMap<SynapseTable, number>> => {
  const serverName = options.serverName ?? DEMO.serverName
  const others = options.accounts === 0 ? [] : population(options, serverName)
  await run(client, sql`begin`)
  try {
    await run(client, sql`set local work_mem = '64MB'`)
    for (const statement of [...others, ...named(options, serverName)]) {
      if (statement !== undefined) await run(client, statement)
    }
    await run(client, sql`commit`)
  } catch (error) {
    await run(client, sql`rollback`)
    throw error
  }
  const counts = new Map<SynapseTable, number>()
  for (const table of synapseTables(options.version).keys()) {
    await run(client, sql`analyze ${sql.id(table)}`)
    const rows = await run(client, sql<{ rows: number }>`select count(*) as rows from ${sql.id(table)}`)
    counts.set(table, Number(rows[0]?.rows))
  }
  return counts
}
