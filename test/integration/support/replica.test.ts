import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../src/postgres/connect.ts'
import { type FollowerState, readServerHealth } from '../../../src/postgres/server-health.ts'
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts'
import { PRIMARY_OPTIONS, type Replica, startReplica } from '../../support/replica.ts'

describe('a replica', () => {
  let primary: TestPostgres & { stop(): Promise<void> }
  let replica: Replica

  beforeAll(async () => {
    primary = await startTestPostgres(PRIMARY_OPTIONS)
    await primary.createDatabase('followed')
    await primary.execute('followed', 'CREATE TABLE numbers AS SELECT 1 AS n')
    replica = await startReplica(primary)
  })
  afterAll(async () => {
    await replica?.stop()
    await primary?.stop()
  })

  const numbers = async (server: TestPostgres): Promise<unknown> =>
    (await server.execute('followed', 'SELECT count(*)::integer AS count FROM numbers'))[0]?.['count']

  const followerOf = async (server: TestPostgres): Promise<FollowerState | undefined> => {
    const client = await connect(server.settings('followed'), { applicationName: 'replica test', access: 'read-only' })
    try {
      return (await readServerHealth(client)).follower
    } finally {
      await client.end()
    }
  }

  test('follows, lags while it is paused, catches up, and goes its own way once it is promoted', async () => {
    await replica.catchUp()
    expect(await numbers(replica)).toBe(1)
    expect(await followerOf(replica)).toMatchObject({ unreplayed: 0, paused: false, receives: true })
    await replica.pause()
    await primary.execute('followed', 'INSERT INTO numbers VALUES (2)')
    expect(await numbers(replica)).toBe(1)
    await expect
      .poll(() => followerOf(replica), { timeout: 30_000 })
      .toMatchObject({ unreplayed: expect.toSatisfy((n) => n > 0), paused: true })
    await replica.resume()
    await replica.catchUp()
    expect(await numbers(replica)).toBe(2)
    expect(await followerOf(primary)).toBeUndefined()
    await expect(replica.execute('followed', 'INSERT INTO numbers VALUES (3)')).rejects.toThrow('read-only')
    await replica.promote()
    await replica.execute('followed', 'INSERT INTO numbers VALUES (3)')
    expect([await numbers(primary), await numbers(replica)]).toEqual([2, 3])
  })
})
