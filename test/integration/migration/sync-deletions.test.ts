import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

interface Deletion {
  readonly mxid: string
  readonly what: string
  readonly name: string
}

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

  const inOrder = (deletions: readonly Deletion[]): readonly string[] =>
    deletions.map(({ mxid, what, name }) => JSON.stringify([mxid, what, name])).toSorted()

  /** The whole list as it was written; cells of the demo hold quotes only where they must. */
  const listed = async (file: string): Promise<readonly Deletion[]> => {
    const text = await readFile(file, 'utf8')
    const rows = [...text.matchAll(/((?:"(?:[^"]|"")*"|[^,\r\n"]*)(?:,(?:"(?:[^"]|"")*"|[^,\r\n"]*))*)\r\n/gu)]
    const cells = rows.map(([, row = '']) =>
      [...row.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,"]*)/gu)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      ),
    )
    expect(cells[0]).toEqual(['mxid', 'what', 'name', 'reason'])
    return cells.slice(1).map(([mxid = '', what = '', name = '']) => ({ mxid, what, name }))
  }

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
    const { deletions } = await plan({ ...request, predictions: file })
    await migrated(request)
    synapse = await postgres.superuser(databases.synapse)
    mas = await postgres.superuser(databases.mas)
    const expected = inOrder(await byTheRule())
    expect(expected.length).toBeGreaterThan(0)
    expect(inOrder(await listed(file))).toEqual(expected)
    expect((deletions?.devices ?? 0) + (deletions?.emails ?? 0)).toBe(expected.length)
    const { list, deletions: found, file: written } = await verified()
    expect(inOrder(list)).toEqual(expected)
    expect(found).toEqual(deletions)
    expect((await stat(written)).mode & 0o777).toBe(0o600)
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
