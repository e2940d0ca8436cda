import { expect, test } from 'vitest'
import { withConnections } from '../../../../../src/targets/mas/connections.ts'
import type { MasDatabase } from '../../../../../src/targets/mas/mas-database.ts'
import { giveConnection, takeConnection } from '../../../../../src/targets/mas/merge/batch-connections.ts'
import { openMasDatabase } from '../../../../support/migration/mas-for-records.ts'
import { testPostgres } from '../../../../support/postgres.ts'

test('a batch that waits for a connection opens one itself where that of another could not be opened', async () => {
  const postgres = testPostgres()
  const opened = await openMasDatabase(await postgres.createDatabase('merge_connections'))
  try {
    let tries = 0
    const database: MasDatabase = {
      ...opened,
      writers: 1,
      open: (name, access) =>
        tries++ === 0 ? Promise.reject(new Error('too many clients already')) : opened.open(name, access),
    }
    const first = takeConnection(database)
    const second = takeConnection(database)
    await expect(first).rejects.toThrow('too many clients already')
    expect((await (await second).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  } finally {
    await opened.close()
  }
})

test('a batch for which the role has no connection left waits for that of another', async () => {
  const postgres = testPostgres()
  const settings = await postgres.createDatabase('merge_connections_few')
  await postgres.execute(
    'postgres',
    'DROP ROLE IF EXISTS merge_few',
    `CREATE ROLE merge_few LOGIN PASSWORD '${postgres.password}' CONNECTION LIMIT 2`,
  )
  const opened = await openMasDatabase({ ...settings, user: 'merge_few' })
  try {
    const database: MasDatabase = { ...opened, writers: 3 }
    const first = await takeConnection(database)
    const others = [takeConnection(database), takeConnection(database)]
    giveConnection(database, first)
    const works = others.map(async (other) => {
      const client = await other
      const { rows } = await client.query('SELECT 1 AS one')
      giveConnection(database, client)
      return rows
    })
    expect(await Promise.all(works)).toEqual([[{ one: 1 }], [{ one: 1 }]])
    const few = { name: 'syn2op proof', access: 'read-only', count: 2 } as const
    expect(await withConnections(database, few, async (more) => more.length)).toBe(0)
  } finally {
    await opened.close()
    await postgres.execute('postgres', 'DROP DATABASE merge_connections_few WITH (FORCE)', 'DROP ROLE merge_few')
  }
})

test('where it has not even one, every batch is told', async () => {
  const postgres = testPostgres()
  const opened = await openMasDatabase(await postgres.createDatabase('merge_connections_none'))
  try {
    const database: MasDatabase = {
      ...opened,
      writers: 3,
      open: () => Promise.reject(Object.assign(new Error('too many clients already'), { code: '53300' })),
      openIfFree: async () => undefined,
    }
    const ended = await Promise.allSettled([takeConnection(database), takeConnection(database)])
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(takeConnection(database)).rejects.toThrow('too many clients already')
  } finally {
    await opened.close()
  }
})
