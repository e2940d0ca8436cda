import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import { withPrepared } from '../../../src/migration/prepare.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { scopeRelations } from '../../../src/synapse/scope.ts'
import { MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { recordWritten } from '../../support/migration/record-written.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

describe('a verification of rows that are on record as ours', () => {
  const postgres = testPostgres()
  let request: MigrationRequest
  let mas: pg.Client
  let synapse: pg.Client

  const at = (localpart: string): string => `@${localpart}:${DEMO.serverName}`

  /** What the verification says of a table, beside the tables in which something is wrong. */
  const verified = async (table: (typeof MAS_WRITTEN_TABLES)[number]) => {
    const document = await verify(request)
    const { theirs, foreign } = document.tables.find((each) => each.table === table) ?? {}
    const differences = document.differences.map(({ table: name, kind, columns }) => ({ name, kind, columns }))
    return { wrong: wrongTables(document), theirs, foreign, differences, rows: document.differences }
  }

  beforeAll(async () => {
    const source = await createDemoHomeserver(postgres, 'written_synapse', { accounts: 120 })
    const target = await createMasDatabase(postgres, 'written_mas', demoProviders)
    const loading = demoRequest({ synapse: source, mas: target })
    await migrated(loading)
    const { asOf: _, ...afterwards } = loading
    request = afterwards
    mas = await postgres.superuser(target.database)
    synapse = await postgres.superuser(source.database)
    await recordWritten(mas, DEMO.serverName)
  })
  afterAll(async () => {
    await mas?.end()
    await synapse?.end()
  })

  test('finds nothing where all is as it was written', async () => {
    const document = await verify(request)
    expect(wrongTables(document)).toEqual([])
    expect(document.tables.map(({ theirs, foreign }) => [theirs, foreign])).toEqual(
      MAS_WRITTEN_TABLES.map(() => [0, 0]),
    )
    expect(document.differences).toEqual([])
  })

  test('does not look at identifiers, which earlier runs have kept', async () => {
    await mas.query(
      `UPDATE user_emails SET user_email_id = gen_random_uuid()
       WHERE user_email_id = (SELECT min(user_email_id::text)::uuid FROM user_emails)`,
    )
    expect((await verified('user_emails')).wrong).toEqual([])
  })

  test('a session that its owner closed is theirs, and named', async () => {
    const session = `WHERE device_id = 'BOBLAPTOP'`
    await mas.query(`UPDATE compat_sessions SET finished_at = '2027-01-01Z' ${session}`)
    const found = await verified('compat_sessions')
    await mas.query(`UPDATE compat_sessions SET finished_at = NULL ${session}`)
    expect(found).toMatchObject({ wrong: [], theirs: 1, foreign: 0 })
    expect(found.differences).toEqual([{ name: 'compat_sessions', kind: 'theirs', columns: ['finished_at'] }])
    expect(found.rows[0]?.row).toContain('@bob:demo.example')
  })

  test('an e-mail that its owner removed is theirs', async () => {
    const { rows } = await mas.query(`DELETE FROM user_emails WHERE email = 'bob@canary.example' RETURNING *`)
    const found = await verified('user_emails')
    await mas.query('INSERT INTO user_emails SELECT ($1::jsonb #>> $2)::uuid, ($1::jsonb #>> $3)::uuid, $4, $5', [
      JSON.stringify(rows[0]),
      '{user_email_id}',
      '{user_id}',
      rows[0].email,
      rows[0].created_at,
    ])
    expect(found).toMatchObject({ wrong: [], theirs: 1 })
    expect(found.differences).toEqual([{ name: 'user_emails', kind: 'theirs', columns: [] }])
  })

  test('a password that was changed at MAS, which keeps the old row, is theirs', async () => {
    await mas.query(
      `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
       SELECT gen_random_uuid(), user_id, '$argon2id$new', now(), 2 FROM users WHERE username = 'bob'`,
    )
    const found = await verified('user_passwords')
    await mas.query(`DELETE FROM user_passwords WHERE version = 2`)
    expect(found).toMatchObject({ wrong: [], theirs: 1, foreign: 0 })
  })

  test('people whom MAS had of its own are foreign, however many', async () => {
    await mas.query(
      `INSERT INTO users (user_id, username, created_at)
       SELECT gen_random_uuid(), 'of-mas-' || n, now() FROM generate_series(1, 20000) n`,
    )
    const found = await verified('users')
    await mas.query(`DELETE FROM users WHERE username LIKE 'of-mas-%'`)
    expect(found).toMatchObject({ wrong: [], theirs: 0, foreign: 20_000 })
  })

  test('what the source wants and nobody wrote is missing', async () => {
    await synapse.query(
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated) VALUES ($1, 1600000000, 0, 0, 0)`,
      [at('latecomer')],
    )
    const found = await verified('users')
    await synapse.query('DELETE FROM users WHERE name = $1', [at('latecomer')])
    expect(found.wrong).toMatchObject([{ table: 'users', missing: 1, extra: 0, differing: 0 }])
    expect(found.rows).toMatchObject([{ kind: 'missing', row: `${at('latecomer')}, mxid ${at('latecomer')}` }])
  })

  test('what the source has no longer and we wrote is extra', async () => {
    const { rows } = await synapse.query(`DELETE FROM user_threepids WHERE address = 'bob@canary.example' RETURNING *`)
    const found = await verified('user_emails')
    await synapse.query(
      `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ($1, $2, $3, $4, $5)`,
      ['user_id', 'medium', 'address', 'validated_at', 'added_at'].map((name) => rows[0][name]),
    )
    expect(found.wrong).toMatchObject([{ table: 'user_emails', missing: 0, extra: 1, differing: 0 }])
  })

  test('what the source has changed since we wrote it differs, in columns that are named', async () => {
    const name = (text: string) =>
      synapse.query(`UPDATE devices SET display_name = $1 WHERE device_id = 'BOBLAPTOP'`, [text])
    const { rows } = await synapse.query(`SELECT display_name FROM devices WHERE device_id = 'BOBLAPTOP'`)
    await name('another name')
    const found = await verified('compat_sessions')
    await name(rows[0].display_name)
    expect(found.wrong).toMatchObject([{ table: 'compat_sessions', missing: 0, extra: 0, differing: 1 }])
    expect(found.differences).toEqual([{ name: 'compat_sessions', kind: 'differs', columns: ['human_name'] }])
  })

  test('what both sides have changed is theirs', async () => {
    const { rows } = await synapse.query(`SELECT display_name FROM devices WHERE device_id = 'BOBLAPTOP'`)
    await synapse.query(`UPDATE devices SET display_name = 'by Synapse' WHERE device_id = 'BOBLAPTOP'`)
    await mas.query(`UPDATE compat_sessions SET human_name = 'by MAS' WHERE device_id = 'BOBLAPTOP'`)
    const found = await verified('compat_sessions')
    await synapse.query(`UPDATE devices SET display_name = $1 WHERE device_id = 'BOBLAPTOP'`, [rows[0].display_name])
    await mas.query(`UPDATE compat_sessions SET human_name = $1 WHERE device_id = 'BOBLAPTOP'`, [rows[0].display_name])
    expect(found).toMatchObject({ wrong: [], theirs: 1 })
  })

  test('what stands under a wanted key and is not ours is foreign', async () => {
    await mas.query(`INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'latecomer', now())`)
    await synapse.query(
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated) VALUES ($1, 1600000000, 0, 0, 0)`,
      [at('latecomer')],
    )
    const found = await verified('users')
    await synapse.query('DELETE FROM users WHERE name = $1', [at('latecomer')])
    await mas.query(`DELETE FROM users WHERE username = 'latecomer'`)
    expect(found).toMatchObject({ wrong: [], theirs: 0, foreign: 1 })
  })

  test('looks at some accounts only, row by row, where only they are asked for', async () => {
    const of = (accounts: readonly string[]) =>
      withPrepared(request, 'verify', async ({ target, readers, source: { relations, rules } }) => {
        const within = await scopeRelations({ relations, rules, readers, accounts })
        const result = await target.sql?.verify({
          decisions: decisions(within, rules),
          readers,
          accounts,
          signal: request.signal,
        })
        return (result?.tables ?? []).map(({ table, wanted, present, missing, extra, differing, theirs, foreign }) => ({
          table,
          counts: [wanted, present],
          faults: [missing, extra, differing],
          others: [theirs, foreign],
        }))
      })
    await mas.query(`UPDATE compat_sessions SET human_name = 'by MAS' WHERE device_id = 'CAROLTABLET'`)
    await synapse.query(`UPDATE devices SET display_name = 'by Synapse' WHERE device_id = 'BOBLAPTOP'`)
    const both = await of([at('bob'), at('carol')])
    const neither = await of([at('alice'), at('nobody')])
    const sessions = (tables: typeof both) => tables.find(({ table }) => table === 'compat_sessions')
    expect(both.map(({ table }) => table)).toEqual([...MAS_WRITTEN_TABLES])
    expect(both.find(({ table }) => table === 'users')?.counts).toEqual([2, 2])
    expect(sessions(both)).toMatchObject({ faults: [0, 0, 1], others: [1, 0] })
    expect(neither.find(({ table }) => table === 'users')?.counts).toEqual([1, 1])
    expect(neither.map(({ faults, others }) => [...faults, ...others])).toEqual(
      MAS_WRITTEN_TABLES.map(() => [0, 0, 0, 0, 0]),
    )
  })
})
