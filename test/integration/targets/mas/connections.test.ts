import { expect, test } from 'vitest'
import { connectionsTo, withAsMany } from '../../../../src/targets/mas/connections.ts'
import { testPostgres } from '../../../support/postgres.ts'

const NAME = 'mas_connections'

const stillOpen = async (): Promise<readonly string[]> => {
  const rows = await testPostgres().execute(
    'postgres',
    `SELECT application_name AS name FROM pg_stat_activity WHERE datname = '${NAME}'`,
  )
  return rows.map(({ name }) => String(name))
}

test('connections end with the work that they were opened for, all others with the target, also one that is not open yet', async () => {
  const settings = await testPostgres().createDatabase(NAME)
  const { close, ...connections } = connectionsTo(settings, new AbortController().signal)
  await connections.open('one', 'read-only')
  const more = { name: 'more', access: 'read-only', count: 2 } as const
  const during = await withAsMany(connections, more, async (others) => [others.length, await stillOpen()] as const)
  expect(during).toEqual([2, expect.arrayContaining(['one', 'more', 'more'])])
  await expect.poll(stillOpen).toEqual(['one'])
  const late = connections.open('late', 'read-only')
  await close()
  await late
  await expect.poll(stillOpen).toEqual([])
})
