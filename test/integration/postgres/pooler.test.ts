import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../src/postgres/connect.ts'
import { run } from '../../../src/postgres/statement.ts'
import { type Pooler, startPooler, whyNoPooler } from '../../support/pgbouncer.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'pooler_test'
const missing = whyNoPooler()
if (missing !== undefined) console.warn(`Tests with a pooler are skipped: ${missing}`)

const postgres = testPostgres()
let pooler: Pooler | undefined

const opened = async (options: Parameters<typeof startPooler>[1]): Promise<Pooler> => {
  pooler = await startPooler(postgres, options)
  return pooler
}

const setTo = async (name: string): Promise<readonly string[]> => {
  const client = await connect((pooler ?? postgres).settings(DATABASE), {
    applicationName: 'pooler test',
    access: 'read-only',
  })
  try {
    return (await run(client, sql<{ value: string }>`SELECT current_setting(${name}) AS value`)).map(
      ({ value }) => value,
    )
  } finally {
    await client.end()
  }
}

describe.skipIf(missing !== undefined)('a connection through PgBouncer', () => {
  beforeAll(async () => {
    await postgres.createDatabase(DATABASE)
  })
  afterEach(async () => {
    await pooler?.stop()
    pooler = undefined
  })

  test.each([
    ['as it is installed', []],
    ['whose sessions take turns', ['server_round_robin = 1']],
    ['that has one session only', ['default_pool_size = 1']],
  ])(
    'in transaction mode, %s, is refused, and nothing of ours stays in the sessions of others',
    async (_, settings) => {
      const pool = await opened({ mode: 'transaction', settings })
      await expect(setTo('default_transaction_read_only')).rejects.toMatchObject({
        code: 'database.pooled',
        next: [expect.stringMatching(/session mode, in test/u), expect.stringContaining('pool_mode = session')],
      })
      const [left] = await pool.execute(DATABASE, 'SHOW default_transaction_read_only')
      expect(left).toEqual({ default_transaction_read_only: 'off' })
    },
  )

  test('in transaction mode, that others work through at the same time, is refused', async () => {
    const pool = await opened({ mode: 'transaction' })
    const busy = await Promise.all([1, 2, 3].map(() => pool.superuser(DATABASE)))
    let isOver = false
    const work = busy.map(async (client) => {
      while (!isOver) await client.query('SELECT pg_sleep(0.002)')
    })
    try {
      for (let time = 0; time < 5; time++) {
        await expect(setTo('server_version')).rejects.toMatchObject({ code: 'database.pooled' })
      }
    } finally {
      isOver = true
      await Promise.all(work)
      await Promise.all(busy.map((client) => client.end()))
    }
  })

  test('in session mode is as good as one to the server', async () => {
    await opened({ mode: 'session' })
    expect(await setTo('default_transaction_read_only')).toEqual(['on'])
    expect(await setTo('default_transaction_read_only')).toEqual(['on'])
  })
})
