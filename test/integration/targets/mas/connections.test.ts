import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connectionsTo, withConnections } from '../../../../src/targets/mas/connections.ts'
import { testPostgres } from '../../../support/postgres.ts'

const NAME = 'mas_connections'

/** A session ends a moment after its connection; each look opens one, too. */
const PATIENT = { timeout: 30_000 }

const stillOpen = async (database: string): Promise<readonly string[]> => {
  const rows = await testPostgres().execute(
    'postgres',
    `SELECT application_name AS name FROM pg_stat_activity WHERE datname = '${database}'`,
  )
  return rows.map(({ name }) => String(name))
}

test('connections end with the work that they were opened for, all others with the target, also one that is not open yet', async () => {
  const settings = await testPostgres().createDatabase(NAME)
  const { close, ...connections } = connectionsTo(settings, new AbortController().signal)
  await connections.open('one', 'read-only')
  const more = { name: 'more', access: 'read-only', count: 2 } as const
  const during = await withConnections(
    connections,
    more,
    async (others) => [others.length, await stillOpen(NAME)] as const,
  )
  expect(during).toEqual([2, expect.arrayContaining(['one', 'more', 'more'])])
  await expect.poll(() => stillOpen(NAME), PATIENT).toEqual(['one'])
  const late = connections.open('late', 'read-only')
  await close()
  await late
  await expect.poll(() => stillOpen(NAME), PATIENT).toEqual([])
})

test('a connection that waits for another to leave does not stay open when the target is closed', async () => {
  const postgres = testPostgres()
  const role = 'mas_connections_one'
  const database = `${NAME}_one`
  const settings = { ...(await postgres.createDatabase(database)), user: role }
  await postgres.execute(
    'postgres',
    `DROP ROLE IF EXISTS ${role}`,
    `CREATE ROLE ${role} LOGIN PASSWORD '${postgres.password}' CONNECTION LIMIT 1`,
  )
  const { close, ...connections } = connectionsTo(settings, new AbortController().signal)
  await connections.open('one', 'read-only')
  const waiting = connections.open('waiting', 'read-only')
  await Promise.race([waiting.catch(() => {}), sleep(200)])
  await close()
  // On a slow machine it may just be opening: it is then closed like every other, instead of refused.
  await Promise.allSettled([waiting])
  await expect.poll(() => stillOpen(database), PATIENT).toEqual([])
  await postgres.execute('postgres', `DROP DATABASE ${database} WITH (FORCE)`, `DROP ROLE ${role}`)
})
