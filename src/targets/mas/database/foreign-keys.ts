import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'

export interface TableName {
  readonly schema: string
  readonly table: string
}

/** A foreign key: columns of a table that point at columns of another, in the same order. */
export interface ForeignKey {
  readonly child: TableName
  readonly columns: readonly string[]
  readonly parent: TableName
  readonly parentColumns: readonly string[]
}

/** Every foreign key of the database: MAS has tables that this program does not write, and will have more. */
export const foreignKeys = (client: Client): Promise<readonly ForeignKey[]> =>
  run<ForeignKey>(
    client,
    sql`
      SELECT
        json_build_object('schema', cn.nspname, 'table', c.relname) AS child,
        (
          SELECT array_agg(a.attname::text ORDER BY k.place)
          FROM unnest(f.conkey) WITH ORDINALITY AS k (number, place)
          JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number
        ) AS columns,
        json_build_object('schema', pn.nspname, 'table', p.relname) AS parent,
        (
          SELECT array_agg(a.attname::text ORDER BY k.place)
          FROM unnest(f.confkey) WITH ORDINALITY AS k (number, place)
          JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number
        ) AS "parentColumns"
      FROM pg_constraint f
      JOIN pg_class c ON c.oid = f.conrelid
      JOIN pg_namespace cn ON cn.oid = c.relnamespace
      JOIN pg_class p ON p.oid = f.confrelid
      JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE f.contype = 'f' AND f.conparentid = 0
      ORDER BY cn.nspname, c.relname, f.conname
    `,
  )
