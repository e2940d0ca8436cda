import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { MAS_CATALOGUE, MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

/** Another value of the type, as SQL over the column; of NULL too. */
const OTHER_VALUE: Readonly<Record<string, (column: string) => string>> = {
  'uuid': () => 'gen_random_uuid()',
  'text': (column) => `coalesce(${column}, '') || '!'`,
  'timestamp with time zone': (column) => `coalesce(${column}, '2000-01-01Z') + interval '1 microsecond'`,
  'boolean': (column) => `NOT coalesce(${column}, false)`,
  'integer': (column) => `coalesce(${column}, 0) + 1`,
  'inet': () => `'203.0.113.77'::inet`,
}

const COLUMNS = MAS_WRITTEN_TABLES.flatMap((table) =>
  (MAS_CATALOGUE.tables.find(({ name }) => name === table)?.columns ?? []).map(({ name, type, nullable }) => ({
    table,
    column: name,
    type,
    nullable,
  })),
)

/** What a copy of a row needs to be another row: its identifier, and a word of its key where that is unique. */
const ANOTHER_ROW: Readonly<Record<(typeof MAS_WRITTEN_TABLES)[number], string>> = {
  users: `jsonb_build_object('user_id', gen_random_uuid(), 'username', 'somebody else')`,
  user_passwords: `jsonb_build_object('user_password_id', gen_random_uuid())`,
  user_emails: `jsonb_build_object('user_email_id', gen_random_uuid(), 'email', 'else@else.example')`,
  user_unsupported_third_party_ids: `jsonb_build_object('medium', 'pigeon', 'address', 'post')`,
  upstream_oauth_links: `jsonb_build_object('upstream_oauth_link_id', gen_random_uuid(), 'subject', 'else')`,
  compat_sessions: `jsonb_build_object('compat_session_id', gen_random_uuid(), 'device_id', 'ELSE')`,
  compat_access_tokens: `jsonb_build_object('compat_access_token_id', gen_random_uuid(), 'access_token', 'mct_else')`,
  compat_refresh_tokens: `jsonb_build_object('compat_refresh_token_id', gen_random_uuid(), 'refresh_token', 'mcr_else')`,
}

describe('a verification', () => {
  let request: MigrationRequest
  let client: pg.Client
  let secrets: readonly string[]

  const query = async (text: string, values: readonly unknown[] = []) =>
    (await client.query<Record<string, string>>(text, [...values])).rows

  /** What a verification says, which must hold no secret. */
  const verified = async () => {
    const document = await verify(request)
    const json = JSON.stringify(document)
    expect(secrets.filter((secret) => json.includes(secret))).toEqual([])
    return document
  }

  /** What one changed cell does to the verification; the cell is put back. */
  const tampered = async (
    { table, column, type }: { table: string; column: string; type: string },
    options: { readonly where: string; readonly to: string },
  ) => {
    const [found] = await query(
      `SELECT ctid::text AS ctid, ${column}::text AS before FROM ${table} WHERE ${options.where} ORDER BY created_at LIMIT 1`,
    )
    if (found === undefined) return undefined
    const update = `UPDATE ${table} SET ${column} =`
    const [changed] = await query(`${update} ${options.to} WHERE ctid = $1 RETURNING ctid::text AS ctid`, [
      found['ctid'],
    ])
    const document = await verified()
    await query(`${update} $2::${type} WHERE ctid = $1`, [changed?.['ctid'], found['before']])
    return {
      tables: wrongTables(document).map(({ table: name, missing, extra, differing }) => ({
        name,
        missing,
        extra,
        differing,
      })),
      differences: document.differences.map(({ table: name, kind, columns }) => ({ name, kind, columns })),
    }
  }

  beforeAll(async () => {
    const postgres = testPostgres()
    const synapse = await createDemoHomeserver(postgres, 'verify_synapse', { accounts: 150 })
    const mas = await createMasDatabase(postgres, 'verify_mas', demoProviders)
    const loading = demoRequest({ synapse, mas })
    await migrated(loading)
    const { asOf: _, ...afterwards } = loading
    request = afterwards
    client = await postgres.superuser(mas.database)
    // Foreign keys do not stand in the way of what we break.
    await query('SET session_replication_role = replica')
    const rows = await query(
      `SELECT hashed_password AS secret FROM user_passwords
       UNION SELECT access_token FROM compat_access_tokens
       UNION SELECT refresh_token FROM compat_refresh_tokens`,
    )
    secrets = rows.flatMap(({ secret }) => (secret === undefined || secret.length < 8 ? [] : [secret]))
  })
  afterAll(() => client?.end())

  test('looks at every column of the eight tables', async () => {
    const documents = await verified()
    expect(documents.tables.map(({ table }) => table)).toEqual([...MAS_WRITTEN_TABLES])
    expect(documents.tables.every(({ present }) => present > 0)).toBe(true)
    expect(wrongTables(documents)).toEqual([])
    expect(COLUMNS.length).toBe(49)
    expect(secrets.length).toBeGreaterThan(60)
  })

  test.each(COLUMNS)('names $column of $table when one cell of it is another', async (place) => {
    const { table, column, type, nullable } = place
    const other = OTHER_VALUE[type]?.(column)
    if (other === undefined) throw new Error(`No other value of ${type}`)
    const attempts = [
      { where: `${column} IS NOT NULL`, to: other },
      ...(nullable
        ? [
            { where: `${column} IS NULL`, to: other },
            { where: `${column} IS NOT NULL`, to: 'NULL' },
          ]
        : []),
    ]
    let tried = 0
    for (const attempt of attempts) {
      const result = await tampered(place, attempt)
      if (result === undefined) continue
      tried++
      expect(result.tables).toEqual([{ name: table, missing: 0, extra: 0, differing: 1 }])
      expect(result.differences).toEqual([{ name: table, kind: 'differs', columns: [column] }])
    }
    expect(tried).toBeGreaterThan(0)
  })

  test.each(MAS_WRITTEN_TABLES)('finds a row of %s that is gone', async (table) => {
    const [gone] = await query(
      `DELETE FROM ${table} t WHERE ctid = (SELECT min(ctid) FROM ${table}) RETURNING t::text AS row`,
    )
    const document = await verified()
    await query(`INSERT INTO ${table} SELECT ($1::${table}).*`, [gone?.['row']])
    expect(wrongTables(document)).toMatchObject([{ table, missing: 1, extra: 0, differing: 0 }])
    expect(document.differences).toMatchObject([{ table, kind: 'missing' }])
    expect(document.differences[0]?.row).toMatch(/^@.+:demo\.example/)
  })

  test.each(MAS_WRITTEN_TABLES)('finds a row of %s that nobody expects', async (table) => {
    const [added] = await query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, ${ANOTHER_ROW[table]})).*
       FROM ${table} t WHERE ctid = (SELECT min(ctid) FROM ${table}) RETURNING ctid::text AS ctid`,
    )
    const document = await verified()
    await query(`DELETE FROM ${table} WHERE ctid = $1`, [added?.['ctid']])
    expect(wrongTables(document)).toMatchObject([{ table, missing: 0, extra: 1, differing: 0 }])
    expect(document.differences).toMatchObject([{ table, kind: 'extra' }])
  })

  test('of a table in which nothing is right accounts for every row of it, opened or not', async () => {
    await query("UPDATE compat_access_tokens SET created_at = created_at + interval '1 microsecond'")
    const [wrong, ...others] = wrongTables(await verified())
    await query("UPDATE compat_access_tokens SET created_at = created_at - interval '1 microsecond'")
    expect(others).toEqual([])
    expect(wrong).toMatchObject({ table: 'compat_access_tokens', missing: 0, extra: 0 })
    expect((wrong?.differing ?? 0) + (wrong?.unopened ?? 0)).toBe(wrong?.wanted)
    expect(wrong?.unopened).toBeGreaterThan(0)
  })

  test('says what the last run left, once all is as it was', async () => {
    const document = await verified()
    expect(wrongTables(document)).toEqual([])
    expect(document.runId).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}$/)
  })
})
