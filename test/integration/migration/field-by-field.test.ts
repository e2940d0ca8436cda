import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type VerifyRequest, verify } from '../../../src/migration/verify.ts'
import { MAS_CATALOGUE, MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

/** Another value of the type, as SQL over the column. */
const OTHER_VALUE: Readonly<Record<string, (column: string) => string>> = {
  'uuid': () => 'gen_random_uuid()',
  'text': (column) => `coalesce(${column}, '') || '!'`,
  'timestamp with time zone': (column) => `coalesce(${column}, '2000-01-01Z') + interval '1 microsecond'`,
  'boolean': (column) => `NOT coalesce(${column}, false)`,
  'integer': (column) => `coalesce(${column}, 0) + 1`,
  'inet': () => `'203.0.113.77'::inet`,
}

/** Identifiers of the rows themselves, which nothing in Synapse says. */
const IDENTIFIERS: readonly string[] = [
  'users.user_id',
  'user_passwords.user_password_id',
  'user_emails.user_email_id',
  'upstream_oauth_links.upstream_oauth_link_id',
  'compat_sessions.compat_session_id',
  'compat_access_tokens.compat_access_token_id',
  'compat_refresh_tokens.compat_refresh_token_id',
]

const COLUMNS = MAS_WRITTEN_TABLES.flatMap((table) =>
  (MAS_CATALOGUE.tables.find(({ name }) => name === table)?.columns ?? []).map(({ name, type, nullable }) => ({
    table,
    column: name,
    type,
    nullable,
  })),
).filter(({ table, column }) => !IDENTIFIERS.includes(`${table}.${column}`))

describe('a comparison field by field', () => {
  let request: VerifyRequest
  let client: pg.Client
  let secrets: readonly string[]

  const compared = async (sample: NonNullable<VerifyRequest['sample']> = { accounts: 100_000, seed: 'all' }) => {
    const document = await verify({ ...request, sample })
    const json = JSON.stringify(document)
    expect(secrets.filter((secret) => json.includes(secret))).toEqual([])
    if (document.fields === undefined) throw new Error('A sample was asked for')
    return document.fields
  }

  beforeAll(async () => {
    const postgres = testPostgres()
    const synapse = await createDemoHomeserver(postgres, 'fields_synapse', { accounts: 120 })
    const mas = await createMasDatabase(postgres, 'fields_mas', demoProviders)
    const loading = demoRequest({ synapse, mas })
    await migrated(loading)
    const { asOf: _, ...afterwards } = loading
    request = afterwards
    client = await postgres.superuser(mas.database)
    // Foreign keys do not stand in the way of what we break.
    await client.query('SET session_replication_role = replica')
    const { rows } = await client.query<{ secret: string }>(
      `SELECT hashed_password AS secret FROM user_passwords
       UNION SELECT access_token FROM compat_access_tokens
       UNION SELECT refresh_token FROM compat_refresh_tokens`,
    )
    secrets = rows.flatMap(({ secret }) => (secret.length < 8 ? [] : [secret]))
  })
  afterAll(() => client?.end())

  test('finds each field of every account of the demo as the copy made it', async () => {
    const fields = await compared()
    expect(fields.differences).toEqual([])
    const { rows } = await client.query<{ count: number }>(
      `SELECT (${MAS_WRITTEN_TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')})::integer AS count`,
    )
    expect(fields.rows).toBe(rows[0]?.count)
    expect(fields.fields).toBeGreaterThan(fields.rows)
  })

  test('tries every column but those', () => {
    expect(COLUMNS.length).toBe(42)
  })

  test('chooses the same accounts for the same seed, and as many as asked for', async () => {
    const [one, again, other] = [
      await compared({ accounts: 20, seed: 'one' }),
      await compared({ accounts: 20, seed: 'one' }),
      await compared({ accounts: 20 }),
    ]
    expect(again).toEqual(one)
    expect(one.accounts).toBe(20)
    expect(other.seed).toMatch(/^[0-9a-f]{16}$/)
  })

  test.each(COLUMNS)('finds another $column of $table', async ({ table, column, type, nullable }) => {
    const other = OTHER_VALUE[type]?.(column)
    if (other === undefined) throw new Error(`No other value of ${type}`)
    const attempts = [`${column} IS NOT NULL`, ...(nullable ? [`${column} IS NULL`] : [])]
    let tried = 0
    for (const where of attempts) {
      const { rows } = await client.query<{ ctid: string; before: string | null }>(
        `SELECT ctid::text AS ctid, ${column}::text AS before FROM ${table} WHERE ${where} LIMIT 1`,
      )
      const [found] = rows
      if (found === undefined) continue
      tried++
      const changed = await client.query<{ ctid: string }>(
        `UPDATE ${table} SET ${column} = ${other} WHERE ctid = $1 RETURNING ctid::text AS ctid`,
        [found.ctid],
      )
      const { differences } = await compared()
      await client.query(`UPDATE ${table} SET ${column} = $2::${type} WHERE ctid = $1`, [
        changed.rows[0]?.ctid,
        found.before,
      ])
      expect(differences.length).toBeGreaterThan(0)
      expect(differences.some((one) => one.table === table || column.endsWith('_id'))).toBe(true)
    }
    expect(tried).toBeGreaterThan(0)
  })

  test('says what a field is and should be, and of a secret only that it differs', async () => {
    await client.query(`UPDATE compat_sessions SET human_name = 'another' WHERE device_id = 'BOBLAPTOP'`)
    await client.query(
      `UPDATE user_passwords SET hashed_password = 'another'
       WHERE user_id = (SELECT user_id FROM users WHERE username = 'bob')`,
    )
    const { differences } = await compared()
    expect(differences).toMatchObject([
      { table: 'user_passwords', kind: 'differs', row: '@bob:demo.example', field: 'hashed_password' },
      { table: 'compat_sessions', kind: 'differs', field: 'human_name', present: 'another' },
    ])
    expect(differences[0]).not.toHaveProperty('present')
  })
})
