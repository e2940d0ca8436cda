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

const named = (options: DemoOptions, serverName: string): readonly (RawBuilder<unknown> | undefined)[] => {
  const server = { serverName, at: namesOn(serverName) }
  const damages = options.damage === 'none' ? [] : DEMO_DAMAGES.filter((damage) => appliesTo(options.version, damage))
  const rows = gather([
    homeserverRows(options.version),
    canaryRows(serverName),
    ...damages.map((damage) => damage.rows?.(server) ?? {}),
  ])
  return [...rows].toSorted(byReference).map(([table, more]) => insertRows(options.version, table, more))
}

const population = (options: DemoOptions, serverName: string): readonly (RawBuilder<unknown> | undefined)[] => [
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
  const serverName = options.serverName ?? DEMO.serverName
  await run(client, sql`begin`)
  try {
    await run(client, sql`set local work_mem = '64MB'`)
    for (const statement of [...population(options, serverName), ...named(options, serverName)]) {
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
