import { beforeAll, describe, expect, test } from 'vitest'
import { DEMO, DEMO_PROVIDERS } from '../../../../../src/rehearsal/demo/constants.ts'
import { MAS_WRITTEN_TABLES } from '../../../../../src/targets/mas/database/catalogue.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { createDemoHomeserver } from '../../../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../../../support/migration/requests.ts'
import { migrated } from '../../../../support/migration/run.ts'
import { testPostgres } from '../../../../support/postgres.ts'
import { soundConfig } from '../../../../support/sound-mas.ts'

const postgres = testPostgres()

describe('a homeserver with every kind of damage, merged in batches', () => {
  let stage: Stage
  const rowsOf = async (database: string, table: string) =>
    (await postgres.execute(database, `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`)).map(
      ({ row }) => row,
    )

  beforeAll(async () => {
    stage = await setStage(postgres, 'merge_whole', {
      serverName: DEMO.serverName,
      providers: DEMO_PROVIDERS.map(({ ulid, uuid, authProvider }) => ({
        id: ulid,
        uuid,
        synapseIdpId: authProvider,
        enabled: true,
      })),
      people: (server, database) => createDemoHomeserver(server, database, { accounts: 150 }),
    })
    const names = (
      await stage.inSynapse('SELECT name FROM users WHERE name IS NOT NULL ORDER BY name COLLATE "C"')
    ).map(({ name }) => String(name))
    for (let begin = 0; begin < names.length; begin += 60) await stage.merge({ only: names.slice(begin, begin + 60) })
  })

  test('gives the rows that a load gives, with the same identifiers', async () => {
    const mas = await createMasDatabase(postgres, 'merge_whole_loaded', demoProviders)
    await migrated(
      demoRequest(
        { synapse: postgres.settings(stage.synapseDatabase), mas },
        { encryptionKey: soundConfig.encryptionKey },
      ),
    )
    for (const table of MAS_WRITTEN_TABLES) {
      const rows = await rowsOf(stage.masDatabase, table)
      expect(rows.length, table).toBeGreaterThan(0)
      expect(rows, table).toEqual(await rowsOf('merge_whole_loaded', table))
    }
  })

  test('is found unchanged by a merge of everybody at once', async () => {
    const { accounts } = await stage.plan()
    expect(new Set(accounts.map(({ change }) => change))).toEqual(new Set(['unchanged', 'hold back']))
    const changed = accounts
      .flatMap(({ rows }) => rows)
      .filter((one) => one.create + one.update + one.remove + one.theirs + one.foreign > 0)
    expect(changed).toEqual([])
  })
})
