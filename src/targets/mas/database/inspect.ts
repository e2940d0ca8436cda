import { sql } from 'kysely'
import type pg from 'pg'
import { run } from '../../../postgres/statement.ts'
import { masTable } from './catalogue.ts'
import { readAdditions } from './inspect-additions.ts'
import {
  MIGRATIONS_TABLE,
  readElsewhere,
  readExtensions,
  readImporterTables,
  readServer,
  readTables,
} from './inspect-catalogue.ts'
import { readMigrations, readOtherSessions, readProviders, readWhichHoldRows } from './inspect-rows.ts'
import type { MasInspection, PresentTable } from './inspection.ts'

const mayCreateIn = async (client: pg.ClientBase, schema: string | undefined): Promise<boolean> => {
  if (schema === undefined) return false
  const [row] = await run<{ readonly may: boolean }>(
    client,
    sql`SELECT has_schema_privilege(${schema}, 'CREATE') AS may`,
  )
  return row?.may ?? false
}

/** Whether all its rows may be read. */
const isOpen = ({ readable, filtered }: PresentTable): boolean => readable && filtered !== true

const isToBeEmpty = ({ name }: PresentTable): boolean =>
  name !== MIGRATIONS_TABLE && ['written', 'empty'].includes(masTable(name).role)

/**
 * Looks at a MAS database, whatever state it is in: nothing is changed, and what our role may not read is left open
 * instead of failing.
 */
export const inspectMas = async (client: pg.ClientBase): Promise<MasInspection> => {
  const { currentSchema, ...server } = await readServer(client)
  const present = await readTables(client)
  const readable = (name: string): PresentTable | undefined =>
    present.find((table) => table.name === name && isOpen(table))
  const hasRows = await readWhichHoldRows(
    client,
    present.filter((table) => isOpen(table) && isToBeEmpty(table)),
  )
  const schema = present.find(({ name }) => name === 'users')?.schema ?? currentSchema ?? undefined
  const migrations = readable(MIGRATIONS_TABLE)
  const providers = readable('upstream_oauth_providers')
  return {
    ...server,
    ...(schema === undefined ? {} : { schema }),
    mayCreateInSchema: await mayCreateIn(client, schema),
    extensions: await readExtensions(client),
    tables: present
      .filter(({ name }) => name !== MIGRATIONS_TABLE)
      .map((table) => {
        const holds = hasRows.get(table.name)
        return holds === undefined ? table : { ...table, hasRows: holds }
      }),
    elsewhere: await readElsewhere(client, present),
    ...(await readAdditions(client, present)),
    ...(migrations ? { migrations: await readMigrations(client, migrations) } : {}),
    providers: providers ? await readProviders(client, providers) : [],
    otherSessions: await readOtherSessions(client),
    importerTables: await readImporterTables(client),
  }
}
