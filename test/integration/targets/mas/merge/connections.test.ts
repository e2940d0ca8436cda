import { expect, test } from 'vitest'
import type { MasDatabase } from '../../../../../src/targets/mas/mas-database.ts'
import { takeConnection } from '../../../../../src/targets/mas/merge/connections.ts'
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
