import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
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

  /** Of accounts that no run decides anew. */
  const NOT_LOOKED_AT = `username NOT IN ('bob', 'later')`

  const asked = async <Row extends object>(query: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    const mas = await postgres.superuser(TARGET)
    const { rows } = await mas.query<Row>(query, [...values])
    await mas.end()
    return rows
  }

  /** The name of one login of these accounts, changed while `work` looks. */
  const withWrongName = async (ofWhom: string, work: () => Promise<void>): Promise<void> => {
    const [row] = await asked<{ id: string; name: string }>(
      `SELECT compat_session_id AS id, human_name AS name
       FROM syn2op_loading.compat_sessions JOIN syn2op_loading.users USING (user_id)
       WHERE ${ofWhom} AND human_name IS NOT NULL
       ORDER BY username
       LIMIT 1`,
    )
    const rename = 'UPDATE syn2op_loading.compat_sessions SET human_name = $2 WHERE compat_session_id = $1'
    await asked(rename, [row?.id, 'changed by hand'])
    await work().finally(() => asked(rename, [row?.id, row?.name]))
  }

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

  test('finds what was changed in the copy, where nobody but syn2op has any business', async () => {
    await withWrongName(NOT_LOOKED_AT, async () => {
      const document = await verified()
      expect(wrongTables(document).map(({ table, differing, theirs }) => ({ table, differing, theirs }))).toEqual([
        { table: 'compat_sessions', differing: 1, theirs: 0 },
      ])
    })
  })

  test('a copy that was never found right is compared as a whole before it is final', async () => {
    await asked(`UPDATE syn2op.run SET activity = 'proving what was written' WHERE run_number = 1`)
    await withWrongName(NOT_LOOKED_AT, async () => {
      const notes: string[] = []
      const request = onlineRequest(places)
      const note = (message: string): unknown => notes.push(message)
      const { refused = [] } = await migratedAs('final', { ...request, progress: { ...request.progress, note } })
      expect(refused).toEqual(['1 row of the whole copy is not as it should be.'])
      expect(notes.join(' ')).toContain('this run compares the whole copy')
    })
    const { proof } = await migratedAs('online', onlineRequest(places))
    const [written] = await asked<{ rows: number }>('SELECT count(*)::integer AS rows FROM syn2op.written_row')
    expect(proof).toMatchObject({ wrongRows: 0, ...written })
    const again = await migratedAs('online', onlineRequest(places))
    expect(again.proof).toBeUndefined()
  })

  test('leaves out an account that is gone from Synapse, with what the copy has of it', async () => {
    const { changedSince = 0 } = await verified()
    await postgres.execute(SOURCE, `DELETE FROM users WHERE name = '@later:demo.example'`)
    const document = await verified()
    expect(document.changedSince).toBe(changedSince + 1)
    expect(wrongTables(document)).toEqual([])
  })

  test('a row changed by hand of an account that the final run looks at keeps it from being final', async () => {
    await withWrongName(`username = 'bob'`, async () => {
      const { refused = [] } = await migratedAs('final', onlineRequest(places))
      expect(refused).toEqual(['1 row of the accounts that changed is not as it should be.'])
    })
  })

  test('compares everything again once the migration is final', async () => {
    await asked(`UPDATE syn2op.run SET activity = 'proving what was written' WHERE run_number = 1`)
    const final = await migratedAs('final', onlineRequest(places))
    expect(verdictOf(final).sentences).toContain(
      `Proved: all ${final.proof?.rows.toLocaleString('en')} rows equal in every column.`,
    )
    const document = await verified()
    expect(document.changedSince).toBeUndefined()
    expect(wrongTables(document)).toEqual([])
    const { differences = [] } = document.fields ?? {}
    // Identifiers are kept, and so is nothing else: each field is that of an offline migration.
    expect(differences).toEqual([])
  })
})
