import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../postgres/statement.ts'
import type { LinkPlace } from './link-place.ts'

/** Rows that go to the server in one statement. */
const AT_ONCE = 10_000

type Row = readonly string[]

/** Of one transaction. */
export interface LinksInTransaction {
  readonly client: Client
  readonly place: LinkPlace
  readonly schema: string
  readonly rows: readonly Row[]
  readonly progress: (done: number) => void
  readonly signal: AbortSignal
}

const table = ({ place, schema }: LinksInTransaction): RawBuilder<unknown> => sql.id(schema, place.table)

const at = ({ columns }: LinkPlace, name: string): number => columns.findIndex((column) => column.name === name)

/** The rows as a table `v`, their values as arrays. */
const given = ({ columns }: LinkPlace, rows: readonly Row[]): RawBuilder<unknown> => {
  const arrays = columns.map(
    ({ type }, index) => sql`${rows.map((row) => row[index] ?? '')}::text[]::${sql.raw(type)}[]`,
  )
  return sql`unnest(${sql.join(arrays)}) v (${sql.join(columns.map(({ name }) => sql.id(name)))})`
}

/**
 * Inserts them, in the transaction of the connection; those in whose way something has come meanwhile are left out. A link that
 * is nobody's becomes the account's.
 * @returns those that were written, as they are there.
 */
export const insertLinks = async (work: LinksInTransaction): Promise<readonly Row[]> => {
  const { client, place, rows, progress, signal } = work
  const { provider, subject, user } = place.key
  const names = sql.join(place.columns.map(({ name }) => sql.id(name)))
  const written: Row[] = []
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    signal.throwIfAborted()
    const some = rows.slice(first, first + AT_ONCE)
    const inserted = await run(
      client,
      sql<{ row: Row }>`
        INSERT INTO ${table(work)} AS present (${names})
        SELECT ${sql.join(place.columns.map(({ name }) => sql.id('v', name)))}
        FROM ${given(place, some)}
        WHERE NOT EXISTS (
          SELECT FROM ${table(work)} t
          WHERE ${same([provider, user])}
        )
        ON CONFLICT ${
          place.hasUnfinished
            ? sql`(${sql.id(provider)}, ${sql.id(subject)})
              DO UPDATE SET ${sql.id(user)} = excluded.${sql.id(user)} WHERE present.${sql.id(user)} IS NULL`
            : sql`DO NOTHING`
        }
        RETURNING ARRAY[${sql.join(place.columns.map(({ name }) => sql`present.${sql.id(name)}::text`))}] AS row`,
    )
    written.push(...inserted.map(({ row }) => row))
    progress(first + some.length)
  }
  return written
}

/** Why a link that was written stays. */
export interface LinksTakenBack {
  readonly removed: number
  /** Not there any more. */
  readonly gone: number
  /** By which somebody has logged in, or that was changed. */
  readonly used: readonly Row[]
  /** In whose place there is another one: the same person of Keycloak has another account. */
  readonly changed: readonly Row[]
}

/** Deletes exactly these rows, in the transaction of the connection, but for those that were used or changed since. */
export const deleteLinks = async (
  work: LinksInTransaction & {
    /** Of a row `t` of the table: it stays. */
    readonly isUsed: RawBuilder<unknown>
  },
): Promise<LinksTakenBack> => {
  const { client, place, rows, isUsed, progress, signal } = work
  const { provider, subject } = place.key
  const whole = same(place.columns.map(({ name }) => name))
  const used: Row[] = []
  const changed: Row[] = []
  let removed = 0
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    signal.throwIfAborted()
    const some = rows.slice(first, first + AT_ONCE)
    const deleted = await run(
      client,
      sql<{ subject: string }>`
        DELETE FROM ${table(work)} t
        USING ${given(place, some)}
        WHERE ${whole} AND NOT ${isUsed}
        RETURNING t.${sql.id(subject)} AS subject`,
    )
    const left = await run(
      client,
      sql<{ subject: string; whole: boolean }>`
        SELECT t.${sql.id(subject)} AS subject, coalesce(${whole}, false) AS whole
        FROM ${table(work)} t
        JOIN ${given(place, some)} ON ${same([provider, subject])}`,
    )
    const stays = new Map(left.map((row) => [row.subject, row.whole]))
    removed += deleted.length
    for (const row of some) {
      const isWhole = stays.get(row[at(place, subject)] ?? '')
      if (isWhole === true) used.push(row)
      else if (isWhole === false) changed.push(row)
    }
    progress(first + some.length)
  }
  return { removed, gone: rows.length - removed - used.length - changed.length, used, changed }
}

/** Of a row `t` of the table and a given row `v`. */
const same = (names: readonly string[]): RawBuilder<unknown> =>
  sql.join(
    names.map((name) => sql`t.${sql.id(name)} = v.${sql.id(name)}`),
    sql` AND `,
  )

/** The number of the transaction under way. */
export const transactionNumber = async (client: Client): Promise<string> => {
  const [row] = await run(client, sql<{ id: string }>`SELECT pg_current_xact_id()::text AS id`)
  return row?.id ?? ''
}

/** What became of a transaction that is on record; one that is too old for the server to know counts as committed. */
export const transactionState = async (
  client: Client,
  transaction: string,
): Promise<'committed' | 'aborted' | 'in progress'> => {
  const [row] = await run(client, sql<{ status: string | null }>`SELECT pg_xact_status(${transaction}::xid8) AS status`)
  const status = row?.status ?? 'committed'
  return status === 'aborted' || status === 'in progress' ? status : 'committed'
}
