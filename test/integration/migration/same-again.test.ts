import { createHash } from 'node:crypto'
import { to } from 'pg-copy-streams'
import { beforeAll, describe, expect, test } from 'vitest'
import { MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { readMasRows } from '../../support/expected-rows.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

type Table = (typeof MAS_WRITTEN_TABLES)[number]

const PRIMARY_KEYS: Readonly<Record<Table, readonly string[]>> = {
  users: ['user_id'],
  user_passwords: ['user_password_id'],
  user_emails: ['user_email_id'],
  user_unsupported_third_party_ids: ['user_id', 'medium', 'address'],
  upstream_oauth_links: ['upstream_oauth_link_id'],
  compat_sessions: ['compat_session_id'],
  compat_access_tokens: ['compat_access_token_id'],
  compat_refresh_tokens: ['compat_refresh_token_id'],
}

/** Tables whose rows have an identifier, and its column. */
const IDENTIFIERS = MAS_WRITTEN_TABLES.flatMap((table) => {
  const [column, ...others] = PRIMARY_KEYS[table]
  return column === undefined || others.length > 0 ? [] : [{ table, column }]
})

/** Each table as COPY writes it, hashed. */
const hashes = async (database: string): Promise<Readonly<Record<string, string>>> => {
  const client = await testPostgres().superuser(database)
  const all: Record<string, string> = {}
  for (const table of MAS_WRITTEN_TABLES) {
    const hash = createHash('sha256')
    const rows = client.query(to(`COPY (SELECT * FROM ${table} ORDER BY ${PRIMARY_KEYS[table].join(', ')}) TO STDOUT`))
    for await (const chunk of rows) hash.update(chunk as Buffer)
    all[table] = hash.digest('hex')
  }
  await client.end()
  return all
}

const naturalRows = async (database: string) => {
  const client = await testPostgres().superuser(database)
  const rows = await readMasRows(client)
  await client.end()
  const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1)
  return Object.fromEntries(MAS_WRITTEN_TABLES.map((table) => [table, rows[table].toSorted(byKey)]))
}

describe('one source migrated three times', () => {
  const ONE = 'same_again_one'
  const AGAIN = 'same_again_two'
  const OTHER_SECRET = 'same_again_other_secret'

  beforeAll(async () => {
    const postgres = testPostgres()
    const synapse = await createDemoHomeserver(postgres, 'same_again_synapse', { accounts: 300 })
    const into = async (database: string, options: Parameters<typeof demoRequest>[1] = {}): Promise<void> => {
      const mas = await createMasDatabase(postgres, database, demoProviders)
      await migrated(demoRequest({ synapse, mas }, options))
    }
    await into(ONE)
    await into(AGAIN)
    await into(OTHER_SECRET, { encryptionKey: new Uint8Array(32).fill(7) })
  })

  test('under the same configuration gives the same rows, identifiers included', async () => {
    expect(await hashes(AGAIN)).toEqual(await hashes(ONE))
    const [users] = await testPostgres().execute(ONE, 'SELECT count(*)::integer AS count FROM users')
    expect(users?.['count']).toBeGreaterThan(250)
  })

  test('under another encryption secret gives the same rows with other identifiers', async () => {
    expect(await naturalRows(OTHER_SECRET)).toEqual(await naturalRows(ONE))
    for (const { table, column } of IDENTIFIERS) {
      const query = `SELECT ${column}::text AS id FROM ${table}`
      const ids = new Set((await testPostgres().execute(ONE, query)).map(({ id }) => id))
      const others = await testPostgres().execute(OTHER_SECRET, query)
      expect(others.length).toBeGreaterThan(0)
      expect(others.filter(({ id }) => ids.has(id))).toEqual([])
    }
  })

  test.each(IDENTIFIERS)(
    'each $column of $table begins with the milliseconds of its created_at',
    async ({ table, column }) => {
      const [counted] = await testPostgres().execute(
        ONE,
        `SELECT
         count(*)::integer AS rows,
         count(*) FILTER (
           WHERE ('x' || left(replace(${column}::text, '-', ''), 12))::bit(48)::bigint
             = extract(epoch FROM created_at) * 1000
         )::integer AS fitting
       FROM ${table}`,
      )
      expect(counted?.['rows']).toBeGreaterThan(0)
      expect(counted?.['fitting']).toBe(counted?.['rows'])
    },
  )
})
