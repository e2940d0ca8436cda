import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { startChanging } from '../../support/changing-homeserver.ts'
import { restoreFromDump } from '../../support/logical-copy.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { expectConverged, migratedAs, onlineRequest, type Place } from '../../support/migration/online.ts'
import { demoProviders } from '../../support/migration/requests.ts'
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts'
import { PRIMARY_OPTIONS, type Replica, startReplica } from '../../support/replica.ts'

type Server = TestPostgres & { stop(): Promise<void> }

const ACCOUNTS = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? 5000 : 1000
const SYNAPSE = 'servers_synapse'
const MAS = 'servers_mas'

describe('online runs while the servers themselves change', () => {
  let primary: Server
  let replica: Replica
  let target: Server
  let targetFolder: string

  const targetServer = (): Promise<Server> => startTestPostgres({ keptFolder: targetFolder })
  const inTarget = (): Place => ({ postgres: target, database: MAS })

  beforeAll(async () => {
    targetFolder = await mkdtemp(join(tmpdir(), 'syn2op-target-'))
    target = await targetServer()
    primary = await startTestPostgres(PRIMARY_OPTIONS)
    await createDemoHomeserver(primary, SYNAPSE, { accounts: ACCOUNTS })
    await createMasDatabase(target, MAS, demoProviders)
    replica = await startReplica(primary)
    await replica.catchUp()
  }, 300_000)
  afterAll(async () => {
    await replica?.stop()
    await primary?.stop()
    await target?.stop()
    await rm(targetFolder, { recursive: true, force: true })
  })

  /** An online run from a source that people change meanwhile, at another one perhaps that it follows. */
  const whilePeopleChange = async (changed: Place, source: Place, seed: string): Promise<void> => {
    const people = await startChanging({
      connect: () => changed.postgres.superuser(changed.database),
      seed,
      hands: 2,
      perSecond: 200,
    })
    try {
      const held = await people.holdOpen()
      await sleep(500)
      await migratedAs('online', onlineRequest({ source, target: inTarget() }))
      await held.commit()
      await sleep(500)
    } finally {
      await people.stop()
    }
  }

  test('from a replica, its promotion, a restart of the target and a restored dump to a MAS that is the same', {
    timeout: 600_000,
  }, async () => {
    const atPrimary: Place = { postgres: primary, database: SYNAPSE }
    const atReplica: Place = { postgres: replica, database: SYNAPSE }
    const restored: Place = { postgres: primary, database: `${SYNAPSE}_restored` }
    await whilePeopleChange(atPrimary, atReplica, 'replica')

    await target.stop()
    target = await targetServer()
    await whilePeopleChange(atPrimary, atReplica, 'restarted')

    await replica.catchUp()
    await replica.promote()
    await whilePeopleChange(atReplica, atReplica, 'promoted')

    await restoreFromDump(atReplica, restored)
    await whilePeopleChange(restored, restored, 'restored')

    await migratedAs('final', onlineRequest({ source: restored, target: inTarget() }))
    await expectConverged({ source: restored, target: inTarget() })
  })
})
