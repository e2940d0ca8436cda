import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import type { PredictionCount } from '../../../src/report/plan-parts.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type PredictionLine, readPredictions } from '../../support/predictions.ts'

interface Deletion {
  readonly mxid: string
  readonly what: string
  readonly name: string
}

/** What must be foretold of accounts that the demo damages: localpart, device, what, why, name. */
const DAMAGED: readonly (readonly [string, string, string, string, string?])[] = [
  ['token-random', 'ODDTOKEN', 'login stops', 'token_not_accepted'],
  ['token-of-vanished-device', 'TOKENDEVICE', 'login stops', 'device_gone'],
  ['refresh-expired', 'REFRESH', 'login stops', 'refresh_token_expired'],
  ['refresh-other-device', 'REFRESH', 'login stops', 'refresh_token_mismatch'],
  ['refresh-superseded', 'REFRESH', 'token stops', 'superseded'],
  ['puppeteer', '', 'login stops', 'puppet_token'],
  ['puppeteer-2', 'STRINGS', 'login stops', 'puppet_token'],
  ['gone-with-token', 'LEFTOVER', 'login stops', 'account_deactivated'],
  ['gone-with-token', 'LEFTOVER', 'device is deleted', 'account_deactivated'],
  ['456789', 'GUESTPHONE', 'login stops', 'account_guest'],
  ['provider-without-prefix', '', 'way in stops', 'provider_not_configured', 'keycloak'],
  ['unapproved', '', 'account opens', 'unapproved'],
  ['expired', '', 'account opens', 'expired'],
]

/** What else must be foretold of them where the settings of both ends are others and accounts are held back. */
const DAMAGED_OTHERWISE: readonly (readonly [string, string, string, string, string?])[] = [
  ['expired', '', 'no new login', 'passwords_off'],
  ['expired', '', 'way in stops', 'passwords_off'],
  ['456789', '', 'account closes', 'guest'],
]

const LOAD_FORECAST = ['prepare', 'copy', 'keys and indexes', 'foreign keys', 'finish', 'record']

const asLine = ([localpart, device, what, reason, name = '']: (typeof DAMAGED)[number]): PredictionLine => ({
  mxid: `@${localpart}:${DEMO.serverName}`,
  device,
  what,
  reason,
  name,
})

type Kind = Pick<PredictionCount, 'reason'> & { readonly what: string }

const byKind = (a: Kind, b: Kind): number => (`${a.what} ${a.reason}` < `${b.what} ${b.reason}` ? -1 : 1)

const countsOf = (lines: readonly PredictionLine[]) =>
  [...Map.groupBy(lines, ({ what, reason }) => JSON.stringify({ what, reason }))]
    .map(([kind, { length: count }]) => ({ ...(JSON.parse(kind) as Kind), count }))
    .toSorted(byKind)

describe('what a sync by MAS would delete', () => {
  const postgres = testPostgres()
  let request: MigrationRequest
  let synapse: pg.Client
  let mas: pg.Client
  let folder: string
  let databases: { readonly synapse: string; readonly mas: string }

  /** By MAS's rule, in plain words: what Synapse has of MAS's users and MAS does not know. */
  const byTheRule = async (): Promise<readonly Deletion[]> => {
    const users = await mas.query<{ id: string; mxid: string }>(
      `SELECT user_id AS id, '@' || username || ':${DEMO.serverName}' AS mxid FROM users`,
    )
    const mxids = new Map(users.rows.map(({ id, mxid }) => [id, mxid]))
    const sessions = await mas.query<{ id: string; name: string }>(
      'SELECT user_id AS id, device_id AS name FROM compat_sessions WHERE finished_at IS NULL AND device_id IS NOT NULL',
    )
    const emails = await mas.query<{ id: string; name: string }>('SELECT user_id AS id, email AS name FROM user_emails')
    const known = new Set([
      ...sessions.rows.map(({ id, name }) => JSON.stringify([mxids.get(id), 'device', name])),
      ...emails.rows.map(({ id, name }) => JSON.stringify([mxids.get(id), 'email', name])),
    ])
    const held = await synapse.query<Deletion>(
      `SELECT user_id AS mxid, 'device' AS what, device_id AS name FROM devices WHERE NOT coalesce(hidden, false)
       UNION ALL SELECT user_id, 'email', address FROM user_threepids WHERE medium = 'email'`,
    )
    const synced = new Set(mxids.values())
    return held.rows.filter(
      ({ mxid, what, name }) => synced.has(mxid) && !known.has(JSON.stringify([mxid, what, name])),
    )
  }

  /** No setting of Synapse keeps people out; MAS takes no passwords, and none of its providers is switched on. */
  const otherwise = (): MigrationRequest => ({
    ...request,
    forecast: 'none',
    homeserver: { ...request.homeserver, accountValidityEnabled: false, approvalRequired: false },
    mapping: {
      ...request.mapping,
      accounts: { ...request.mapping.accounts, guests: 'hold_back', locked: 'hold_back', bots: 'hold_back' },
    },
    openTarget: async (signal) => ({
      ...(await request.openTarget(signal)),
      shut: { passwords: true, providers: demoProviders },
    }),
  })

  /** Tables that were made for a forecast, and rows in MAS's own. */
  const leftAtMas = () =>
    postgres.execute(
      databases.mas,
      `SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'
       UNION ALL SELECT 'users' WHERE EXISTS (SELECT FROM users)`,
    )

  const inOrder = (deletions: readonly Deletion[]): readonly string[] =>
    deletions.map(({ mxid, what, name }) => JSON.stringify([mxid, what, name])).toSorted()

  /** What the list has of deletions. */
  const listed = async (file: string): Promise<readonly Deletion[]> =>
    (await readPredictions(file)).flatMap(({ mxid, what, device, name }) => {
      if (what === 'device is deleted') return [{ mxid, what: 'device', name: device }]
      return what === 'e-mail is deleted' ? [{ mxid, what: 'email', name }] : []
    })

  const verified = async () => {
    const file = join(folder, 'after.csv')
    const { deletions } = await verify({ ...request, predictions: file })
    if (deletions === undefined) throw new Error('MAS makes Synapse delete things')
    return { deletions, list: await listed(file), file }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-deletions-'))
    const source = await createDemoHomeserver(postgres, 'deletions_synapse', { accounts: 150 })
    const target = await createMasDatabase(postgres, 'deletions_mas', demoProviders)
    request = demoRequest({ synapse: source, mas: target })
    databases = { synapse: source.database, mas: target.database }
  })
  afterAll(async () => {
    await synapse?.end()
    await mas?.end()
    await rm(folder, { recursive: true, force: true })
  })

  test('is foretold by the plan, and is then what the rule says', async () => {
    const file = join(folder, 'before.csv')
    const { deletions, predictions, forecast } = await plan({ ...request, predictions: file })
    expect(forecast?.phases.map(({ phase }) => phase)).toEqual(LOAD_FORECAST)
    expect(await leftAtMas()).toEqual([])
    const lines = await readPredictions(file)
    expect(countsOf(lines)).toEqual(predictions?.toSorted(byKind))
    expect(lines).toEqual(expect.arrayContaining(DAMAGED.map(asLine)))
    expect(lines.map(({ mxid }) => mxid)).not.toContain('@alice:demo.example')
    await migrated(request)
    synapse = await postgres.superuser(databases.synapse)
    mas = await postgres.superuser(databases.mas)
    const expected = inOrder(await byTheRule())
    expect(expected.length).toBeGreaterThan(0)
    expect(inOrder(await listed(file))).toEqual(expected)
    expect((deletions?.devices ?? 0) + (deletions?.emails ?? 0)).toBe(expected.length)
    const { list, deletions: found, file: written } = await verified()
    expect(inOrder(list)).toEqual(expected)
    expect({ ...found, samples: inOrder(found.samples) }).toEqual({
      ...deletions,
      samples: inOrder(deletions?.samples ?? []),
    })
    expect((await stat(written)).mode & 0o777).toBe(0o600)
  })

  test('goes with what else the settings of both ends and the mapping change', async () => {
    const file = join(folder, 'otherwise.csv')
    const { people, findings, ...planned } = await plan({ ...otherwise(), predictions: file })
    expect(planned).not.toHaveProperty('forecast')
    expect(people?.waysToLogIn).toEqual({ password: 0, identity: 0, both: 0, none: people?.accounts })
    const lines = await readPredictions(file)
    expect(lines).toEqual(expect.arrayContaining(DAMAGED_OTHERWISE.map(asLine)))
    expect(lines.map(({ reason }) => reason)).toEqual(expect.not.arrayContaining(['expired', 'unapproved']))
    expect(findings.map(({ code }) => code)).toEqual(expect.not.arrayContaining(['EXPIRED_OPEN', 'UNAPPROVED_OPEN']))
    const closing = lines.filter(({ what }) => what === 'account closes')
    expect([...new Set(closing.map(({ reason }) => reason))].toSorted()).toEqual([
      'bot',
      'guest',
      'localpart_with_colon',
    ])
    const shutOut = lines.filter(({ what, reason }) => what === 'no new login' && reason !== 'passwords_off')
    expect(shutOut.map(({ reason }) => reason)).toContain('provider_off')
    expect(lines.filter(({ what }) => what === 'no new login')).toHaveLength(people?.accounts ?? 0)
    const locked = await postgres.execute(databases.synapse, 'SELECT name FROM users WHERE locked')
    expect(locked.length).toBeGreaterThan(0)
    const ending = new Set(lines.filter(({ what }) => what === 'login stops').map(({ mxid }) => mxid))
    expect(locked.filter(({ name }) => ending.has(String(name)))).toEqual([])
  })

  test('is nothing of an ordinary person', async () => {
    const { deletions } = await verified()
    expect(deletions.reasons.map(({ reason }) => reason).toSorted()).toEqual(['account_deactivated', 'account_guest'])
  })

  test('has what people logged out or removed at MAS, and not where a new session took over', async () => {
    await mas.query(`UPDATE compat_sessions SET finished_at = now() WHERE device_id IN ('BOBLAPTOP', 'CAROLTABLET')`)
    await mas.query(`DELETE FROM user_emails WHERE email = 'bob@canary.example'`)
    await mas.query(`DELETE FROM compat_access_tokens t USING compat_sessions s
      WHERE s.compat_session_id = t.compat_session_id AND s.device_id = 'DAVEWATCH'`)
    await mas.query(`DELETE FROM compat_sessions WHERE device_id = 'DAVEWATCH'`)
    await mas.query(
      `INSERT INTO oauth2_clients (oauth2_client_id, encrypted_client_secret, grant_type_authorization_code, grant_type_refresh_token, is_static)
       VALUES ('00000000-0000-0000-0000-000000000001', NULL, true, true, false)`,
    )
    await mas.query(
      `INSERT INTO oauth2_sessions (oauth2_session_id, user_id, oauth2_client_id, scope_list, created_at)
       SELECT gen_random_uuid(), user_id, '00000000-0000-0000-0000-000000000001',
         ARRAY['openid', 'urn:matrix:client:device:CAROLTABLET'], now()
       FROM users WHERE username = 'carol'`,
    )
    const { list, deletions } = await verified()
    expect(deletions.reasons).toEqual(
      expect.arrayContaining([
        { what: 'device', reason: 'session_ended', count: 1 },
        { what: 'device', reason: 'session_missing', count: 1 },
        { what: 'email', reason: 'email_missing', count: 1 },
      ]),
    )
    const names = list.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['BOBLAPTOP', 'DAVEWATCH', 'bob@canary.example']))
    expect(names).not.toContain('CAROLTABLET')
  })

  test('has all devices of somebody of whose name MAS had a user before', async () => {
    const mxid = `@namesake:${DEMO.serverName}`
    await synapse.query(
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated, appservice_id) VALUES ($1, 1600000000, 0, 0, 0, 'bridge')`,
      [mxid],
    )
    await synapse.query(
      `INSERT INTO devices (user_id, device_id, hidden) VALUES ($1, 'THEIRS', false), ($1, 'KEY', true)`,
      [mxid],
    )
    const without = (await verified()).list.filter((one) => one.mxid === mxid)
    await mas.query(`INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'namesake', now())`)
    const beside = (await verified()).list.filter((one) => one.mxid === mxid)
    expect(without).toEqual([])
    expect(beside).toEqual([{ mxid, what: 'device', name: 'THEIRS' }])
  })
})
