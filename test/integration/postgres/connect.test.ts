import { createServer, type Server } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { connect } from '../../../src/postgres/connect.ts'
import { describeServer } from '../../../src/postgres/describe-server.ts'
import { isSameDatabase } from '../../../src/postgres/same-database.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { run } from '../../../src/postgres/statement.ts'
import { statementFailure } from '../../../src/postgres/statement-failure.ts'
import { startTestPostgres, testPostgres } from '../../support/postgres.ts'

const server = testPostgres()
const settings = server.settings('connect_test')
const SECRET = 'a-very-secret-password'

beforeAll(async () => {
  await server.createDatabase('connect_test')
  await server.execute(
    'connect_test',
    'DROP ROLE IF EXISTS connect_plain, connect_one',
    `CREATE ROLE connect_plain LOGIN PASSWORD '${SECRET}'`,
    `CREATE ROLE connect_one LOGIN PASSWORD '${SECRET}' CONNECTION LIMIT 0`,
  )
})

const withClient = async <Result>(
  over: Partial<PostgresSettings>,
  use: (client: Awaited<ReturnType<typeof connect>>) => Promise<Result>,
): Promise<Result> => {
  const client = await connect({ ...settings, ...over }, { applicationName: 'connect test' })
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

const refusal = async (over: Partial<PostgresSettings>, signal?: AbortSignal): Promise<Syn2opError> => {
  try {
    const client = await connect({ ...settings, ...over }, { applicationName: 'x', ...(signal ? { signal } : {}) })
    await client.end()
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    expect(JSON.stringify([error.message, error.problems, error.next])).not.toContain(SECRET)
    expect(error.next.length > 0 || error.code === 'run.interrupted' || error.problems.length > 0).toBe(true)
    return error
  }
  throw new Error('The connection was accepted')
}

describe('a session', () => {
  it('has our settings, whatever the role’s own are', async () => {
    await server.execute(
      'connect_test',
      `ALTER ROLE connect_plain SET TimeZone = 'Asia/Tokyo'`,
      `ALTER ROLE connect_plain SET bytea_output = 'escape'`,
      `ALTER ROLE connect_plain SET statement_timeout = '5min'`,
    )
    const client = await connect(
      { ...settings, user: 'connect_plain', password: SECRET },
      { applicationName: 'syn2op check', access: 'read-only', lockTimeoutMs: 1500 },
    )
    const names = [
      'TimeZone',
      'bytea_output',
      'statement_timeout',
      'lock_timeout',
      'client_encoding',
      'application_name',
    ]
    const { rows } = await client.query(
      `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')},
        current_setting('transaction_read_only') AS "readOnly"`,
    )
    await client.end()
    expect(rows).toEqual([
      {
        TimeZone: 'UTC',
        bytea_output: 'hex',
        statement_timeout: '0',
        lock_timeout: '1500ms',
        client_encoding: 'UTF8',
        application_name: 'syn2op check',
        readOnly: 'on',
      },
    ])
  })

  it('has no time limit, whichever the server has', async () => {
    const limits = [
      'idle_in_transaction_session_timeout',
      'idle_session_timeout',
      'transaction_timeout',
      'lock_timeout',
    ]
    const known = await server.execute(
      'connect_test',
      `SELECT name FROM pg_settings WHERE name IN (${limits.map((name) => `'${name}'`).join(', ')}) ORDER BY 1`,
    )
    await server.execute(
      'connect_test',
      'DROP ROLE IF EXISTS connect_limited',
      `CREATE ROLE connect_limited LOGIN PASSWORD '${SECRET}'`,
      ...known.map(({ name }) => `ALTER ROLE connect_limited SET ${String(name)} = '5min'`),
    )
    await withClient({ user: 'connect_limited', password: SECRET }, async (client) => {
      const { rows } = await client.query(`SELECT name, setting FROM pg_settings WHERE name = ANY ($1) ORDER BY 1`, [
        limits,
      ])
      expect(rows).toEqual(known.map(({ name }) => ({ name, setting: '0' })))
    })
  })

  it.runIf(process.platform === 'linux')(
    'lets the server find out within a minute that our machine is gone',
    async () => {
      const presence = async (over: Partial<PostgresSettings>, access?: 'read-only' | 'read-write') => {
        const client = await connect(
          { ...settings, ...over },
          { applicationName: 'connect test', ...(access === undefined ? {} : { access }) },
        )
        try {
          const { rows } = await client.query(
            `SELECT ${['keepalives_idle', 'keepalives_interval', 'keepalives_count', 'user_timeout']
              .map((name) => `current_setting('tcp_${name}')::integer AS ${name}`)
              .join(', ')}`,
          )
          return rows[0]
        } finally {
          await client.end()
        }
      }
      const asks = { keepalives_idle: 30, keepalives_interval: 10, keepalives_count: 3 }
      expect(await presence({}, 'read-write')).toEqual({ ...asks, user_timeout: 60_000 })
      // The server may wait for a reader to take what it has read, as long as the other side pleases.
      expect(await presence({}, 'read-only')).toEqual({ ...asks, user_timeout: 0 })
      expect(await presence({})).toEqual({ ...asks, user_timeout: 0 })
      const none = { keepalives_idle: 0, keepalives_interval: 0, keepalives_count: 0, user_timeout: 0 }
      expect(await presence({ host: server.socketFolder }, 'read-write')).toEqual(none)
    },
  )

  it('gives bigints as numbers, and rejects one that a number cannot hold', async () => {
    await withClient({}, async (client) => {
      expect((await client.query('SELECT 9007199254740991::bigint AS n')).rows).toEqual([{ n: 9_007_199_254_740_991 }])
      await expect(client.query('SELECT 9007199254740992::bigint AS n')).rejects.toThrow('beyond the safe integers')
      expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
    })
  })

  it('passes the backend’s options, and takes none from PGOPTIONS', async () => {
    process.env['PGOPTIONS'] = '-c search_path=wrong'
    try {
      const path = (options?: string) =>
        withClient(
          options === undefined ? {} : { options },
          async (client) => (await client.query('SHOW search_path')).rows,
        )
      expect(await path('-c search_path=matrix')).toEqual([{ search_path: 'matrix' }])
      expect(await path()).toEqual([{ search_path: '"$user", public' }])
    } finally {
      delete process.env['PGOPTIONS']
    }
  })

  it('refuses to hide rows silently', async () => {
    await server.execute(
      'connect_test',
      'CREATE TABLE guarded (id int)',
      'ALTER TABLE guarded ENABLE ROW LEVEL SECURITY',
      'GRANT SELECT ON guarded TO connect_plain',
    )
    await withClient({ user: 'connect_plain', password: SECRET }, async (client) => {
      await expect(client.query('SELECT * FROM guarded')).rejects.toThrow('row-level security')
    })
  })

  it('works over the unix socket, where TLS never applies', async () => {
    const socket: Partial<PostgresSettings> = { host: server.socketFolder, sslMode: 'verify-full' }
    await withClient(socket, async (client) => {
      expect((await describeServer(client)).serverAddress).toBeUndefined()
    })
  })

  it('that breaks rejects its query and the next, and the process lives on', async () => {
    const client = await connect(settings, { applicationName: 'victim' })
    const sleeping = run(client, sql`SELECT pg_sleep(30)`).catch(statementFailure)
    await server.execute(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`,
    )
    const where = `${client.user}@${client.host}:${client.port}/${client.database}`
    expect(await sleeping).toMatchObject({
      code: 'database.failed',
      message: expect.stringContaining(where),
    })
    await expect(run(client, sql`SELECT 1`)).rejects.toThrow(`The connection to ${where} was lost`)
  })
})

describe('a connection that cannot be made', () => {
  it('a wrong password, and one that is missing', async () => {
    const wrong = await refusal({ user: 'connect_plain', password: `${SECRET}x` })
    expect(wrong).toMatchObject({ code: 'database.refused', exitCode: 4 })
    expect(wrong.message).toContain(
      `connect_plain@127.0.0.1:${server.port}/connect_test (from test): the password is wrong`,
    )
    process.env['PGPASSWORD'] = SECRET
    try {
      const { password: _, ...without } = settings
      const missing = await connect({ ...without, user: 'connect_plain' }, { applicationName: 'x' }).catch(
        (error) => error,
      )
      expect(missing).toMatchObject({ code: 'database.refused' })
      expect(missing.message).toContain('asks for a password')
    } finally {
      delete process.env['PGPASSWORD']
    }
  })

  it('no such database; no CONNECT privilege; too many sessions', async () => {
    expect(await refusal({ database: 'nowhere' })).toMatchObject({ code: 'database.refused' })
    await server.execute('postgres', 'REVOKE CONNECT ON DATABASE connect_test FROM PUBLIC')
    const denied = await refusal({ user: 'connect_plain', password: SECRET })
    expect(denied).toMatchObject({ code: 'database.not-allowed', exitCode: 4 })
    expect(denied.next.join()).toContain('GRANT CONNECT ON DATABASE "connect_test" TO "connect_plain"')
    await server.execute('postgres', 'GRANT CONNECT ON DATABASE connect_test TO PUBLIC')
    const many = await refusal({ user: 'connect_one', password: SECRET })
    expect(many).toMatchObject({ code: 'database.unreachable', exitCode: 5 })
  })

  it.each<[string, Partial<PostgresSettings>]>([
    ['nothing listens', { port: 1 }],
    ['no socket', { host: '/nonexistent' }],
    ['unknown host', { host: 'no-such-host.invalid' }],
  ])('%s', async (_name, over) => {
    expect(await refusal(over)).toMatchObject({ code: 'database.unreachable', exitCode: 5 })
  })

  it('a server that never answers: by the time limit, or when it is interrupted', async () => {
    const mute: Server = createServer(() => {}).listen(0, '127.0.0.1')
    const address = await new Promise<{ readonly port: number }>((resolve) => {
      mute.once('listening', () => resolve(mute.address() as { port: number }))
    })
    try {
      const late = await refusal({ port: address.port, connectTimeoutMs: 300 })
      expect(late.message).toContain('no answer came within 0.3 s')
      const stopped = await refusal({ port: address.port, connectTimeoutMs: 0 }, AbortSignal.timeout(200))
      expect(stopped).toMatchObject({ code: 'run.interrupted', exitCode: 130 })
    } finally {
      mute.close()
    }
  })

  it('a server that is not what target_session_attrs asks for', async () => {
    await withClient({ targetSessionAttributes: 'primary' }, async (client) => {
      expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
    })
    expect((await refusal({ targetSessionAttributes: 'standby' })).message).toContain('is not standby')
    expect((await refusal({ targetSessionAttributes: 'read-only' })).message).toContain('is not read-only')
  })
})

describe('a server described', () => {
  it('tells version, encoding, database, schema and who we are', async () => {
    await server.createDatabase('connect_latin', { encoding: 'LATIN1' })
    const described = await withClient({ database: 'connect_latin' }, describeServer)
    expect(described).toMatchObject({
      encoding: 'LATIN1',
      collation: 'C',
      inRecovery: false,
      database: 'connect_latin',
      schema: 'public',
      user: 'postgres',
      serverAddress: '127.0.0.1',
    })
    expect(described.version).toMatch(/^\d+\.\d+$/)
    expect(Math.floor(described.versionNum / 10_000)).toBe(Number.parseInt(described.version, 10))
    expect(described.systemIdentifier).toMatch(/^\d{15,}$/)
  })

  it('does without the identifier where the role may not ask for it', async () => {
    await server.createDatabase('connect_denied')
    await server.execute('connect_denied', 'REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC')
    const over = { database: 'connect_denied', user: 'connect_plain', password: SECRET }
    expect((await withClient(over, describeServer)).systemIdentifier).toBeUndefined()
  })
})

describe('the same database', () => {
  const other = startTestPostgres()
  afterAll(async () => (await other).stop())

  const same = (a: PostgresSettings, b: PostgresSettings): Promise<boolean> =>
    withClient(a, (first) => withClient(b, (second) => isSameDatabase(first, second)))

  it('is recognised by whatever way and role it is reached', async () => {
    const bySocket = { ...settings, host: server.socketFolder, user: 'connect_plain', password: SECRET }
    expect(await same(settings, bySocket)).toBe(true)
    expect(await same(bySocket, { ...settings, host: 'localhost' })).toBe(true)
  })

  it('is not another database of the same server, nor one of the same name elsewhere', async () => {
    expect(await same(settings, server.settings('postgres'))).toBe(false)
    expect(await same(server.settings('postgres'), (await other).settings('postgres'))).toBe(false)
  })
})
