import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../../../src/postgres/connect.ts'
import { masDdl } from '../../../../src/targets/mas/database/schema.ts'
import { loadSearchPath, stage } from '../../../../src/targets/mas/load/staging.ts'
import { testPostgres } from '../../../support/postgres.ts'

const DATABASE = 'staging_meanwhile'
const RUN = {
  runId: 'run',
  kind: 'load',
  state: 'loading',
  asOf: 0,
  identifierMethod: 'fast',
  seedFingerprint: '',
  mappingSha256: '',
  serverName: 'example.org',
  homeSchema: 'public',
  masMigrations: [],
} as const

describe('setting the tables of MAS aside', () => {
  const postgres = testPostgres()

  beforeEach(async () => {
    await postgres.createDatabase(DATABASE)
    await postgres.execute(DATABASE, ...masDdl())
  })

  afterEach(() => postgres.execute('postgres', `DROP DATABASE ${DATABASE} WITH (FORCE)`))

  test('is refused, and nothing is done, when somebody has registered since the check', async () => {
    await postgres.execute(
      DATABASE,
      `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'early', now())`,
    )
    const client = await connect(postgres.settings(DATABASE), { applicationName: 'syn2op test' })
    try {
      await expect(stage(client, RUN, loadSearchPath('public', ['public']))).rejects.toMatchObject({
        code: 'check.errors',
        message: expect.stringContaining('users') as string,
      })
      const { rows } = await client.query('SELECT username FROM public.users')
      expect(rows).toEqual([{ username: 'early' }])
      const schemas = await client.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'syn2op%'")
      expect(schemas.rows).toEqual([])
    } finally {
      await client.end()
    }
  })
})
