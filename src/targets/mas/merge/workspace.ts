import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import type { Batch } from '../../batch.ts'
import { keyType, type MergeTable } from './merge-table.ts'

/** A batch in work: a connection within a transaction, its temporary tables filled. */
export interface Workspace {
  readonly client: Client
  readonly tables: readonly MergeTable[]
  /** The schema in which MAS's tables stand. */
  readonly schema: string
  readonly serverName: string
  /** False before the first run: then nothing is ours. */
  readonly hasJournal: boolean
}

/** The accounts of the batch, and what is settled about each. */
export const ACCOUNT = sql.id('pg_temp', 'merge_account')
/** Rows of the journal that concern the batch. */
export const BASE = sql.id('pg_temp', 'merge_base')
/** The wanted rows of a table. */
export const incoming = ({ table }: MergeTable): RawBuilder<unknown> => sql.id('pg_temp', `merge_in_${table}`)
/** The rows of a table that are there. */
export const present = ({ table }: MergeTable): RawBuilder<unknown> => sql.id('pg_temp', `merge_present_${table}`)
/** What becomes of the rows of a table. */
export const planned = ({ table }: MergeTable): RawBuilder<unknown> => sql.id('pg_temp', `merge_plan_${table}`)

/** Makes the temporary tables, which live as long as the transaction. */
export const createWorkspace = async ({ client, tables }: Workspace): Promise<void> => {
  await run(
    client,
    sql`
      CREATE TABLE ${ACCOUNT} (
        ordinal      integer NOT NULL,
        mxid         text NOT NULL,
        owner        bigint NOT NULL,
        localpart    text, -- NULL: of another server, or no Matrix id
        is_wanted    boolean NOT NULL,
        is_gone      boolean NOT NULL,
        is_active    boolean NOT NULL, -- within the part of the batch that is worked on
        user_id      uuid,
        is_closed    boolean NOT NULL DEFAULT false, -- removed or deactivated at MAS: gets nothing new
        conflict     text,
        in_the_way   uuid -- the MAS user
      ) ON COMMIT DROP;
      CREATE TABLE ${BASE} (
        table_number smallint, owner bigint, key bigint, digest bigint, run_number integer
      ) ON COMMIT DROP;
      ${sql.join(tables.flatMap(tablesOf), sql`;\n`)}
    `,
  )
}

const tablesOf = (table: MergeTable): readonly RawBuilder<unknown>[] => {
  const { natural } = table.shape
  const columns = natural.columns.map(({ name, type }) => sql`${sql.id(name)} ${sql.raw(type)}`)
  const primaryKey = sql.join(table.primaryKey.map((column) => sql`${sql.id(column)} ${keyType(column)}`))
  return [
    sql`
      CREATE TABLE ${incoming(table)} (
        ${sql.join(columns)},
        proposed uuid,
        owner bigint GENERATED ALWAYS AS (${ownerHash(sql.id('mxid'))}) STORED,
        key bigint GENERATED ALWAYS AS (${keyHash(natural)}) STORED,
        digest bigint GENERATED ALWAYS AS (${rowDigest(natural)}) STORED
      ) ON COMMIT DROP`,
    sql`
      CREATE TABLE ${present(table)} (
        ${primaryKey},
        holder uuid, owner bigint, key bigint, digest bigint, seen bigint, created_at timestamptz, ended boolean
      ) ON COMMIT DROP`,
    sql`
      CREATE TABLE ${planned(table)} (
        ${primaryKey},
        action text, owner bigint, key bigint, digest bigint, proposed uuid, is_wanted boolean, is_there boolean,
        holder uuid, seen bigint, ended boolean,
        base_owner bigint, base_digest bigint, base_run integer,
        session_id uuid, access_token_id uuid
      ) ON COMMIT DROP`,
  ]
}

/** Enters the accounts of a batch, all of them active. */
export const insertAccounts = async ({ client, serverName }: Workspace, { accounts }: Batch): Promise<void> => {
  const suffix = `:${serverName}`
  const length = [...suffix].length
  await run(
    client,
    sql`
      INSERT INTO ${ACCOUNT} (ordinal, mxid, owner, localpart, is_wanted, is_gone, is_active)
      SELECT
        ordinal - 1,
        mxid,
        ${ownerHash(sql`mxid`)},
        CASE
          WHEN left(mxid, 1) = '@' AND right(mxid, ${length}::integer) = ${suffix}
          THEN substr(mxid, 2, greatest(length(mxid) - ${length + 1}::integer, 0))
        END,
        decision = 'migrate',
        decision = 'gone',
        true
      FROM unnest(
        ${accounts.map(({ mxid }) => mxid)}::text[],
        ${accounts.map(({ decision }) => decision)}::text[]
      ) WITH ORDINALITY AS a (mxid, decision, ordinal)
    `,
  )
}
