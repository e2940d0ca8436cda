import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { expectConverged, migratedAs, onlineRequest, type Places } from '../../support/migration/online.ts'
import { demoProviders } from '../../support/migration/requests.ts'
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts'
import { PRIMARY_OPTIONS, type Replica, startReplica } from '../../support/replica.ts'

const SYNAPSE = 'lagging_synapse'
const MAS = 'lagging_mas'

describe('a final run from a replica that lags behind', () => {
  let primary: TestPostgres & { stop(): Promise<void> }
  let replica: Replica
  let places: Places

  beforeAll(async () => {
    primary = await startTestPostgres(PRIMARY_OPTIONS)
    await createDemoHomeserver(primary, SYNAPSE, { accounts: 200 })
    replica = await startReplica(primary)
    await replica.catchUp()
    await createMasDatabase(primary, MAS, demoProviders)
    places = {
      source: { postgres: replica, database: SYNAPSE },
      target: { postgres: primary, database: MAS },
    }
    await migratedAs('online', onlineRequest(places))
    await replica.pause()
    // The last thing that Synapse did before it was stopped.
    await primary.execute(
      SYNAPSE,
      `INSERT INTO users (name, password_hash, creation_ts) VALUES ('@last:demo.example', '$2b$12$last', 1700000000)`,
    )
  }, 300_000)
  afterAll(async () => {
    await replica?.stop()
    await primary?.stop()
  })

  const finalRequest = (patience: number): MigrationRequest => ({
    ...onlineRequest(places),
    replica: { primary: async () => primary.settings(SYNAPSE), patience },
  })

  /** The copy stands aside: MAS's own tables are not to be seen. */
  const usersInPlace = async (): Promise<unknown> =>
    (await primary.execute(MAS, `SELECT to_regclass('public.users') IS NOT NULL AS here`))[0]?.['here']

  test('is refused where nobody can tell what the replica must have replayed', async () => {
    await expect(migratedAs('final', onlineRequest(places))).rejects.toMatchObject({ code: 'replica.position-needed' })
  })

  test('is refused while the replica does not catch up, and leaves the copy aside', async () => {
    await expect(migratedAs('final', finalRequest(500))).rejects.toMatchObject({
      code: 'replica.behind',
      next: expect.arrayContaining([expect.stringContaining('pg_wal_replay_resume')]),
    })
    expect(await usersInPlace()).toBe(false)
  })

  test('waits for the replica, and moves what was written last', async () => {
    const final = migratedAs('final', finalRequest(60_000))
    await sleep(1000)
    await replica.resume()
    expect(await final).toMatchObject({ road: 'final' })
    expect(await usersInPlace()).toBe(true)
    const rows = await primary.execute(MAS, `SELECT username FROM users WHERE username = 'last'`)
    expect(rows).toEqual([{ username: 'last' }])
    await expectConverged(places)
  })
})
