import { inject } from 'vitest'
import { type PostgresServer, type PostgresServerOptions, startPostgresServer } from './postgres-server.ts'
import { serverForTests, type TestPostgres } from './server-for-tests.ts'

export type { TestPostgres } from './server-for-tests.ts'

/** The server that the whole `integration` project shares. Give your databases names that no other test file uses. */
export const testPostgres = (): TestPostgres => serverForTests(inject('testPostgres'))

export type OwnPostgres = TestPostgres & Pick<PostgresServer, 'stop' | 'restart'>

/** A server of one's own, for tests that need another configuration or kill it. Stop it in `afterAll`. */
export const startTestPostgres = async (options: PostgresServerOptions = {}): Promise<OwnPostgres> => {
  const server = await startPostgresServer(options)
  return { ...serverForTests(server), stop: server.stop, restart: server.restart }
}
