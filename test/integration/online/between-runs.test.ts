import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { MigrateMode } from '../../../src/migration/choose-road.ts'
import { migrate } from '../../../src/migration/migrate.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { compareMasRows } from '../../support/expected-rows/compare.ts'
import { readMasRows, readSourceRecord } from '../../support/expected-rows.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { endsOf, expectConverged, migratedAs, onlineRequest, type Places } from '../../support/migration/online.ts'
import {
  demoOracleRules,
  demoProviders,
  demoRequest,
  plainMapping,
  requestOf,
} from '../../support/migration/requests.ts'
import { decide, type OracleRules, wantedOf } from '../../support/oracle.ts'
import { testPostgres } from '../../support/postgres.ts'

const SYNAPSE = 'between_synapse'
const MAS = 'between_mas'
const postgres = testPostgres()
const places: Places = {
  source: { postgres, database: SYNAPSE },
  target: { postgres, database: MAS },
}
const template = (database: string): string => `${database}_copied`

const inSource = (...statements: readonly string[]) => postgres.execute(SYNAPSE, ...statements)
const inTarget = (...statements: readonly string[]) => postgres.execute(MAS, ...statements)

/** What the copy and its record hold, as one text. */
const copyNow = async (): Promise<unknown> =>
  (
    await inTarget(
      `SELECT
         (SELECT md5(string_agg(u::text, '' ORDER BY u::text)) FROM syn2op_loading.users u) AS users,
         (SELECT md5(string_agg(a::text, '' ORDER BY a::text)) FROM syn2op.account a) AS accounts,
         (SELECT count(*)::integer FROM syn2op.written_row) AS rows`,
    )
  )[0]

/** The codes of the findings that a run begins with. */
const findingsOf = async (mode: MigrateMode): Promise<readonly string[]> => {
  let codes: readonly string[] = []
  await migrate({
    ...onlineRequest(places),
    mode,
    confirm: async ({ findings }) => {
      codes = findings.map(({ code }) => code)
      return false
    },
  })
  return codes
}

const expectRowsBy = async (rules: OracleRules): Promise<void> => {
  const source = await postgres.superuser(SYNAPSE)
  const target = await postgres.superuser(MAS)
  try {
    const wanted = wantedOf(decide(await readSourceRecord(source), rules))
    expect(compareMasRows(wanted, await readMasRows(target), 'kept').slice(0, 20)).toEqual([])
  } finally {
    await source.end()
    await target.end()
  }
}

beforeAll(async () => {
  await createDemoHomeserver(postgres, SYNAPSE, { accounts: 200 })
  await inSource(`UPDATE refresh_tokens SET expiry_ts = ${DEMO.now} + id % 3 * 86400000 WHERE id % 2 = 0`)
  await createMasDatabase(postgres, MAS, demoProviders)
  await migratedAs('online', onlineRequest(places))
  for (const one of [SYNAPSE, MAS]) await postgres.createDatabase(template(one), { template: one })
})

beforeEach(async () => {
  for (const one of [SYNAPSE, MAS]) await postgres.createDatabase(one, { template: template(one) })
})

describe('Between two runs of an online migration', () => {
  test('another mapping: everybody is decided by the new one', async () => {
    const accounts = {
      guests: 'hold_back',
      deactivated: 'hold_back',
      locked: 'migrate',
      withoutLogin: 'hold_back',
    } as const
    const mapping = { ...plainMapping, accounts, sha256: '1'.repeat(64) }
    await migratedAs('online', { ...onlineRequest(places), mapping })
    const final = await migratedAs('final', { ...onlineRequest(places), mapping })
    expect(final.refused).toBeUndefined()
    await expectRowsBy({ ...demoOracleRules, mapping })
  })

  test('another mapping and back again: nothing of it is left', async () => {
    const accounts = { ...plainMapping.accounts, guests: 'hold_back', withoutLogin: 'hold_back' } as const
    await migratedAs('online', { ...onlineRequest(places), mapping: { ...plainMapping, accounts } })
    await migratedAs('final', onlineRequest(places))
    await expectConverged(places)
  })

  test('time passes: sessions that have expired by the final run are not carried', async () => {
    const asOf = DEMO.now + 86_400_000
    await migratedAs('final', { ...onlineRequest(places), asOf })
    await expectRowsBy({ ...demoOracleRules, asOf })
  })

  test('the clock goes back: sessions that are not expired by then are carried again', async () => {
    await migratedAs('online', { ...onlineRequest(places), asOf: DEMO.now + 3 * 86_400_000 })
    await migratedAs('final', onlineRequest(places))
    await expectConverged(places)
  })

  test('names change hands, people leave, and others come under names that differ in case only', async () => {
    const insert = (mxid: string, hash: string) =>
      `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
       VALUES ('${mxid}', '${hash}', 1700000000, 0, 0, 0)`
    const email = (mxid: string) =>
      `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
       VALUES ('${mxid}', 'email', 'shared@demo.example', 1700000000000, 1700000000000)`
    const alice = '@hands.alice:demo.example'
    const capital = '@Hands.Alice:demo.example'
    await inSource(insert(alice, '$2b$12$one'), insert(capital, '$2b$12$two'), email(alice))
    await migratedAs('online', onlineRequest(places))
    await inSource(
      // Synapse's way to deactivate, then somebody else under the same name; the other one is erased by hand.
      `UPDATE users SET deactivated = 1, password_hash = NULL WHERE name = '${alice}'`,
      `DELETE FROM user_threepids WHERE user_id = '${alice}'`,
      `DELETE FROM users WHERE name = '${capital}'`,
    )
    await migratedAs('online', onlineRequest(places))
    await inSource(
      `UPDATE users SET deactivated = 0, password_hash = '$2b$12$three', creation_ts = 1800000000 WHERE name = '${alice}'`,
      insert(capital, '$2b$12$four'),
      insert('@HANDS.alice:demo.example', '$2b$12$five'),
      email(capital),
    )
    await migratedAs('final', onlineRequest(places))
    await expectConverged(places)
  })

  test('an SSO identity goes to another account and comes back', async () => {
    const [one] = await inSource(
      `SELECT e.user_id, e.auth_provider, e.external_id FROM user_external_ids e JOIN users u ON u.name = e.user_id
       WHERE u.name ~ '^@[a-z0-9._-]+:demo[.]example$' AND u.deactivated = 0 AND u.appservice_id IS NULL ORDER BY 1 LIMIT 1`,
    )
    const [other] = await inSource(
      `SELECT name FROM users WHERE name ~ '^@[a-z0-9._-]+:demo[.]example$' AND name <> '${one?.['user_id']}'
         AND deactivated = 0 AND appservice_id IS NULL AND is_guest = 0 ORDER BY 1 LIMIT 1`,
    )
    const give = (name: unknown) =>
      inSource(
        `UPDATE user_external_ids SET user_id = '${name}'
         WHERE auth_provider = '${one?.['auth_provider']}' AND external_id = '${one?.['external_id']}'`,
      )
    await give(other?.['name'])
    await migratedAs('online', onlineRequest(places))
    await give(one?.['user_id'])
    await migratedAs('final', onlineRequest(places))
    await expectConverged(places)
  })

  // As the program says it.
  const STOPPED = new Syn2opError('run.interrupted', 'Stopped, as asked')

  test('a run is stopped after some batches: these stand, and the next one goes on', async () => {
    await inSource('UPDATE users SET admin = 1 - admin')
    const stop = new AbortController()
    const small = (request: MigrationRequest, size: number): MigrationRequest => ({
      ...request,
      openTarget: async (signal) => ({ ...(await request.openTarget(signal)), batchSize: size }),
    })
    const before = await inTarget('SELECT owner, print FROM syn2op.account')
    await expect(
      migratedAs('online', {
        ...small(onlineRequest(places), 10),
        signal: stop.signal,
        progress: {
          phase: () => {},
          note: () => {},
          advance: (_, done) => (done >= 50 ? stop.abort(STOPPED) : undefined),
        },
      }),
    ).rejects.toMatchObject({
      code: 'run.interrupted',
      next: expect.arrayContaining([expect.stringContaining('--resume')]),
    })
    const prints = new Map(before.map(({ owner, print }) => [owner, print]))
    const stand = (await inTarget('SELECT owner, print FROM syn2op.account')).filter(
      ({ owner, print }) => prints.get(owner) !== print,
    )
    expect(stand.length).toBeGreaterThanOrEqual(50)
    expect(stand.length).toBeLessThan(150)
    await migratedAs('final', small(onlineRequest(places), 40))
    await expectConverged(places)
  })
})

describe('A run beside an online copy is refused, and the copy stays as it is,', () => {
  let before: unknown
  beforeEach(async () => {
    before = await copyNow()
  })

  const expectRefused = async (mode: MigrateMode, request: MigrationRequest, code: string): Promise<void> => {
    await expect(migrate({ ...request, mode, confirm: async () => true })).rejects.toMatchObject({ code })
    expect(await copyNow()).toEqual(before)
  }

  test.each(['online', 'final'] as const)('--%s under another encryption secret', async (mode) => {
    const request = {
      ...demoRequest(endsOf(places), { encryptionKey: new Uint8Array(32).fill(9) }),
      accept: onlineRequest(places).accept,
    }
    await expectRefused(mode, request, 'run.other-seed')
  })

  test.each(['online', 'final'] as const)('--%s from another homeserver', async (mode) => {
    const request = requestOf(endsOf(places), {
      serverName: 'other.example',
      asOf: DEMO.now,
      mapping: plainMapping,
      providers: [],
    })
    await expectRefused(mode, { ...request, accept: onlineRequest(places).accept }, 'run.other-server')
  })

  test('without --online or --final', async () => {
    await expectRefused('migrate', onlineRequest(places), 'run.not-possible')
  })

  test.each([
    ['of another format', 'UPDATE syn2op.run SET journal_format = journal_format + 1'],
    ['that knows of no formats', 'ALTER TABLE syn2op.run DROP COLUMN journal_format'],
  ])('where another version of syn2op has left a journal %s; verify refuses too', async (_, change) => {
    await inTarget(change)
    await expectRefused('online', onlineRequest(places), 'run.other-format')
    await expectRefused('final', onlineRequest(places), 'run.other-format')
    await expect(verify(onlineRequest(places))).rejects.toMatchObject({ code: 'run.other-format' })
  })

  test.each(['online', 'final'] as const)('--%s where the two servers hash names otherwise', async (mode) => {
    await inSource(
      'CREATE SCHEMA another_version',
      `CREATE FUNCTION another_version.hashtextextended(text, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql
       AS 'SELECT pg_catalog.hashtextextended($1, $2) # 1'`,
      `ALTER DATABASE ${SYNAPSE} SET search_path = another_version, pg_catalog, public`,
    )
    await expectRefused(mode, onlineRequest(places), 'verify.not-comparable')
  })
})

describe('MAS is upgraded beside an online copy', () => {
  const upgrade = () =>
    inTarget(
      `INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
       SELECT 20991231000000, description, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1`,
    )

  test.each(['online', 'final'] as const)('--%s warns of the migrations that the copy has missed', async (mode) => {
    expect(await findingsOf(mode)).not.toContain('MAS_UPGRADED_SINCE_COPY')
    await upgrade()
    expect(await findingsOf(mode)).toContain('MAS_UPGRADED_SINCE_COPY')
  })

  test('a run that accepted it does not make the next one forget', async () => {
    await upgrade()
    await migratedAs('online', onlineRequest(places))
    expect(await findingsOf('final')).toContain('MAS_UPGRADED_SINCE_COPY')
  })
})

describe('Where MAS’s own schema has a table of a name that is to come home', () => {
  test('--final says which and moves nothing; once it is gone, it goes on', async () => {
    await inTarget('CREATE TABLE public.user_emails ()')
    await expect(migratedAs('final', onlineRequest(places))).rejects.toMatchObject({
      code: 'database.failed',
      message: expect.stringContaining('user_emails'),
      next: expect.arrayContaining([expect.stringContaining('--resume')]),
    })
    expect(await inTarget(`SELECT to_regclass('public.users') AS users`)).toEqual([{ users: null }])
    await inTarget('DROP TABLE public.user_emails')
    await migratedAs('final', onlineRequest(places))
    await expectConverged(places)
  })
})

describe('Where the server refuses to note what has changed', () => {
  test('the run says so, and the next one goes on', async () => {
    await inTarget(
      `CREATE FUNCTION no_room() RETURNS event_trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
      `CREATE EVENT TRIGGER no_room ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS') EXECUTE FUNCTION no_room()`,
    )
    await expect(migratedAs('online', onlineRequest(places))).rejects.toMatchObject({
      code: 'database.failed',
      next: expect.arrayContaining([expect.stringContaining('Free space'), expect.stringContaining('--resume')]),
    })
    await inTarget('DROP EVENT TRIGGER no_room')
    await migratedAs('final', onlineRequest(places))
    await expectConverged(places)
  })
})

describe('A session that a dead run has left, though the lock is free,', () => {
  test('is ended by the next run before it looks, with what it had not committed', async () => {
    const left = await postgres.superuser(MAS)
    left.on('error', () => {})
    await left.query(`SET application_name = 'syn2op merge'`)
    await left.query('BEGIN')
    await left.query('UPDATE syn2op_loading.users SET locked_at = now()')
    await left.query('UPDATE syn2op.account SET print = print + 1')
    await inSource('UPDATE users SET admin = 1 - admin')
    await migratedAs('final', onlineRequest(places))
    await expect(left.query('COMMIT')).rejects.toThrow()
    await expectConverged(places)
  })
})
