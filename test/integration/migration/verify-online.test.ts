import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { migratedAs, onlineRequest, type Places } from '../../support/migration/online.ts'
import { demoProviders } from '../../support/migration/requests.ts'
import { wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const SOURCE = 'verify_online_synapse'
const TARGET = 'verify_online_mas'

describe('a verification of a copy that stands aside', () => {
  const postgres = testPostgres()
  const places: Places = {
    source: { postgres, database: SOURCE },
    target: { postgres, database: TARGET },
  }
  const sample = { accounts: 100_000, seed: 'all' }
  const verified = () => verify({ ...onlineRequest(places), sample })

  beforeAll(async () => {
    await createDemoHomeserver(postgres, SOURCE, { accounts: 80 })
    await createMasDatabase(postgres, TARGET, demoProviders)
    await migratedAs('online', onlineRequest(places))
  })

  test('compares all of it while nothing has changed in Synapse', async () => {
    const document = await verified()
    expect(wrongTables(document)).toEqual([])
    expect(document.fields?.differences).toEqual([])
    for (const { table, wanted, present, theirs, foreign } of document.tables) {
      expect({ table, present, theirs, foreign }).toEqual({ table, present: wanted, theirs: 0, foreign: 0 })
    }
  })

  test('leaves out and counts the accounts that have changed there since, and those that every run decides anew', async () => {
    // Bob is one of those whose rows depend on others': decided anew by every run, changed or not.
    const { changedSince = 0 } = await verified()
    await postgres.execute(SOURCE, `UPDATE devices SET display_name = 'another' WHERE device_id = 'BOBLAPTOP'`)
    await postgres.execute(
      SOURCE,
      `INSERT INTO users (name, password_hash, creation_ts) VALUES ('@later:demo.example', '$2b$12$later', 1700000000)`,
    )
    const document = await verified()
    expect(document.changedSince).toBe(changedSince + 1)
    expect(wrongTables(document)).toEqual([])
    expect(document.fields?.differences).toEqual([])
  })

  test('compares everything again once the migration is final', async () => {
    await migratedAs('final', onlineRequest(places))
    const document = await verified()
    expect(document.changedSince).toBeUndefined()
    expect(wrongTables(document)).toEqual([])
    const { differences = [] } = document.fields ?? {}
    // Identifiers are kept, and so is nothing else: each field is that of an offline migration.
    expect(differences).toEqual([])
  })
})
