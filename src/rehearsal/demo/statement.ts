import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely'

/** What runs a demo's statements: one connection of the package pg, since temporary tables belong to a connection. */
export interface DemoClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A statement's text and parameters, without a connection. */
export const compile = (statement: RawBuilder<unknown>): CompiledQuery => statement.compile(compiler)

/** Runs one statement and returns its rows. */
export const run = async (
  client: DemoClient,
  statement: RawBuilder<unknown>,
): Promise<readonly Record<string, unknown>[]> => {
  const { sql, parameters } = compile(statement)
  return (await client.query(sql, [...parameters])).rows
}
