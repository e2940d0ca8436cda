import { sql } from 'kysely'
import type { Client } from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { connect } from '../postgres/connect.ts'
import { describeServer } from '../postgres/describe-server.ts'
import { describeSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import type { LinkPlace } from './link-place.ts'

/** The database of a table of links, opened. */
export interface OpenPlace {
  readonly place: LinkPlace
  readonly client: Client
  /** That holds the table. */
  readonly schema: string
  /** The role as which we are connected. */
  readonly user: string
  /** By which the database is known again; empty where the role may not ask. */
  readonly system: string
  readonly database: string
}

/** What is about to be done to the table. */
export type PlaceUse = 'look' | 'write' | 'take back'

/** A link that is nobody's becomes the account's by an update. */
const privilegesFor = (use: PlaceUse, { hasUnfinished }: Pick<LinkPlace, 'hasUnfinished'>): readonly string[] => {
  switch (use) {
    case 'look':
      return ['SELECT']
    case 'write':
      return ['SELECT', 'INSERT', ...(hasUnfinished ? ['UPDATE'] : [])]
    case 'take back':
      return ['SELECT', 'DELETE']
  }
}

/**
 * @throws Syn2opError run.not-possible where there is no such table, or it is a replica's that should be written to;
 * database.not-allowed where the role lacks a privilege; those of the connection.
 */
export const withPlace = async <Result>(
  place: LinkPlace,
  { use, signal }: { readonly use: PlaceUse; readonly signal: AbortSignal },
  work: (open: OpenPlace) => Promise<Result>,
): Promise<Result> => {
  const client = await connect(place.settings, {
    applicationName: 'syn2op link',
    access: use === 'look' ? 'read-only' : 'read-write',
    signal,
  })
  try {
    const { systemIdentifier = '', database, user, inRecovery } = await describeServer(client)
    const schema = await schemaOf(client, place)
    if (schema === undefined) throw noTable(place)
    await requirePrivileges(client, place, { use, schema, user })
    if (use !== 'look' && inRecovery) throw isReplica(place)
    return await work({ place, client, schema, user, system: systemIdentifier, database })
  } finally {
    await client.end().catch(() => {})
  }
}

const schemaOf = async (client: Client, { table }: LinkPlace): Promise<string | undefined> => {
  const [row] = await run(
    client,
    sql<{ schema: string }>`
      SELECT n.nspname::text AS schema
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = to_regclass(${table})`,
  )
  return row?.schema
}

const requirePrivileges = async (
  client: Client,
  { table, settings, hasUnfinished }: LinkPlace,
  { use, schema, user }: { readonly use: PlaceUse; readonly schema: string; readonly user: string },
): Promise<void> => {
  const needed = privilegesFor(use, { hasUnfinished })
  const [row] = await run(
    client,
    sql<Record<string, boolean>>`
      SELECT ${sql.join(
        needed.map(
          (privilege) => sql`has_table_privilege(to_regclass(${table})::oid, ${privilege}) AS ${sql.id(privilege)}`,
        ),
      )}`,
  )
  const missing = needed.filter((privilege) => row?.[privilege] !== true)
  if (missing.length === 0) return
  throw new Syn2opError(
    'database.not-allowed',
    `The role ${user} at ${describeSettings(settings)} lacks ${missing.join(' and ')} on ${table}`,
    {
      next: [
        `As an administrator of the database: GRANT ${missing.join(', ')} ON "${schema}"."${table}" TO "${user}";`,
        'Or name a role that may, with --link-database.',
      ],
    },
  )
}

const noTable = ({ product, table, settings }: LinkPlace): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `${describeSettings(settings)} has no table ${table} of ${product} where the role looks for it`,
    {
      next: [
        product === 'MAS'
          ? 'While a copy stands aside there is none: end it first with `syn2op migrate --final`.'
          : 'Look whether it is the database of Synapse, and at the search path of the role.',
      ],
    },
  )

const isReplica = ({ product, settings }: LinkPlace): Syn2opError =>
  new Syn2opError('run.not-possible', `${describeSettings(settings)} is a replica: nothing can be written there`, {
    next: [`Name the server that ${product} writes to: --link-database`],
  })
