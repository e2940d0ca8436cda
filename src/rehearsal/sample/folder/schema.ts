import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { keptColumns, type SampledSource, tablesOf } from '../source-of-sample.ts'
import type { SampleManifest } from './manifest.ts'

type Tables = SampleManifest['tables']

/** Types that a table of Synapse has; whatever else a column is, it is kept as text. */
const TYPES =
  /^(?:text|bigint|integer|smallint|boolean|jsonb?|character|character varying|double precision|real|numeric)$/u

interface IndexRow {
  readonly table: string
  readonly unique: boolean
  readonly columns: readonly string[]
}

/** The tables of the sample, with their columns as they are at the source, and indexes over these columns. */
export const readSchema = async (source: SampledSource): Promise<Tables> => {
  const { reader, catalogue } = source
  const tables = tablesOf(source)
  const indexes = await run<IndexRow>(
    reader,
    sql`
      SELECT c.relname AS "table", i.indisunique AS unique,
        array(
          SELECT coalesce(a.attname::text, '')
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, at)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
          ORDER BY k.at
        ) AS columns
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${catalogue.schema} AND c.relname = ANY(${[...tables]}::text[])
        AND i.indexprs IS NULL AND i.indpred IS NULL AND i.indisvalid
      ORDER BY 1, i.indexrelid
    `,
  )
  return Object.fromEntries(
    tables.map((table) => {
      const columns = keptColumns(source, table) ?? []
      const types = catalogue.tables.get(table)
      const own = indexes.filter((one) => one.table === table && one.columns.every((each) => columns.includes(each)))
      return [
        table,
        {
          columns: Object.fromEntries(columns.map((name) => [name, typeOf(types?.get(name) ?? 'text')])),
          indexes: distinct(own),
        },
      ]
    }),
  )
}

const typeOf = (type: string): string => (TYPES.test(type) ? type : 'text')

const distinct = (indexes: readonly IndexRow[]): Tables[string]['indexes'] => [
  ...new Map(indexes.map(({ columns, unique }) => [columns.join(), { columns: [...columns], unique }])).values(),
]
