import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { rollback } from '../../../../../src/migration/rollback/rollback.ts'
import { fileRecorder } from '../../../../../src/migration/runs/recorder.ts'
import { device, EVERYTHING, masEmail, masUser, mxid, person } from '../../../../support/merge/people.ts'
import { AS_OF, type Stage, setStage } from '../../../../support/merge/stage.ts'
import { plainMapping, requestOf } from '../../../../support/migration/requests.ts'
import { migrated } from '../../../../support/migration/run.ts'
import { testPostgres } from '../../../../support/postgres.ts'
import { rolledBack, rowsTold } from '../../../../support/rollback/roll-back.ts'
import { soundConfig, soundHomeserver } from '../../../../support/sound-mas.ts'
import { readTargetState } from '../../../../support/target-state.ts'

const postgres = testPostgres()
const ends = { synapse: postgres.settings('rollback_people_synapse'), mas: postgres.settings('rollback_people_mas') }

const request = (conflicts: Partial<typeof plainMapping.conflicts> = {}) =>
  requestOf(ends, {
    serverName: soundHomeserver.serverName,
    asOf: AS_OF,
    mapping: { ...plainMapping, conflicts: { ...plainMapping.conflicts, ...conflicts } },
    providers: soundConfig.providers,
  })

const uuid = (number: number): string => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

describe('a merge beside the people of MAS is taken back', () => {
  let stage: Stage
  const state = () => readTargetState(postgres, stage.masDatabase)
  const user = async (name: string) =>
    String((await stage.inMas(`SELECT user_id FROM users WHERE username = '${name}'`))[0]?.['user_id'])
  const names = async () => (await stage.inMas('SELECT username FROM users ORDER BY 1')).map(({ username }) => username)

  beforeEach(async () => {
    stage = await setStage(postgres, 'rollback_people')
    const id = await masUser(stage, 'here_before', 1)
    await stage.inMas(masEmail(id, 'before@example.com', 2))
    await stage.inSynapse(...person('alice', EVERYTHING), ...person('bob', { devices: ['PHONE'] }))
  })

  test('with all it added, and nothing else; what it did can be done again, with the same identifiers', async () => {
    const before = await state()
    const { runId } = await migrated(request())
    const after = await state()
    const { plan, document } = await rolledBack(request(), runId)
    expect(plan).toMatchObject({ way: 'accounts', runs: [runId], accounts: 2, used: 0, lost: [] })
    expect(rowsTold(plan)).toEqual({
      users: '2 remove',
      user_passwords: '2 remove',
      user_emails: '1 remove',
      user_unsupported_third_party_ids: '1 remove',
      upstream_oauth_links: '1 remove',
      compat_sessions: '4 remove',
      compat_access_tokens: '4 remove',
      compat_refresh_tokens: '1 remove',
    })
    expect(document).toMatchObject({ accounts: 2, tables: plan.tables })
    expect(await state()).toEqual(before)
    await migrated(request())
    expect(await state()).toEqual(after)
  })

  test('but for accounts that people use: these stay whole, and what they would lose is told', async () => {
    await migrated(request())
    const whole = await state()
    await stage.inMas(
      `INSERT INTO user_sessions (user_session_id, user_id, created_at) VALUES ('${uuid(3)}', '${await user('alice')}', now())`,
    )
    const runs = await mkdtemp(join(tmpdir(), 'syn2op-rollback-'))
    const recorder = fileRecorder({ runs, command: ['syn2op', 'rollback', 'last'], warn: () => {} })
    const { plan, document: kept } = await rolledBack({ ...request(), recorder }, 'last')
    const record = await readFile(join(runs, kept.runId ?? '', 'accounts.ndjson'), 'utf8')
    await rm(runs, { recursive: true })
    expect(
      record
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { mxid: mxid('alice'), decision: 'take back', outcome: 'unchanged', message: 'people have used it at MAS since' },
      { mxid: mxid('bob'), decision: 'take back', outcome: 'removed' },
    ])
    expect(plan).toMatchObject({
      accounts: 1,
      used: 1,
      lost: [{ what: 'browser sessions begun or added at MAS', count: 1, samples: [mxid('alice')] }],
    })
    expect(await names()).toEqual(['alice', 'here_before'])
    expect((await stage.inMas('SELECT count(*)::integer AS n FROM compat_sessions'))[0]?.['n']).toBe(3)
    const { plan: again } = await rolledBack(request(), 'last')
    expect(again).toMatchObject({ accounts: 0, used: 1 })
    const { document } = await rolledBack(request(), 'last', { used: 'remove' })
    expect(document).toMatchObject({ accounts: 1, used: 1 })
    expect(await names()).toEqual(['here_before'])
    expect((await stage.inMas('SELECT count(*)::integer AS n FROM user_sessions'))[0]?.['n']).toBe(0)
    expect(whole.definitions).toEqual((await state()).definitions)
  })

  test('with what depends on their rows over any number of tables, where that is asked for', async () => {
    const before = await state()
    await migrated(request())
    const alice = await user('alice')
    await stage.inMas(
      `INSERT INTO user_sessions (user_session_id, user_id, created_at) VALUES ('${uuid(3)}', '${alice}', now())`,
      `INSERT INTO oauth2_clients (oauth2_client_id, grant_type_authorization_code, grant_type_refresh_token, grant_type_client_credentials, grant_type_device_code, is_static)
       VALUES ('${uuid(4)}', true, true, false, false, true)`,
      `INSERT INTO oauth2_sessions (oauth2_session_id, user_id, user_session_id, oauth2_client_id, scope_list, created_at)
       VALUES ('${uuid(5)}', '${alice}', '${uuid(3)}', '${uuid(4)}', '{}', now())`,
      `INSERT INTO oauth2_access_tokens (oauth2_access_token_id, oauth2_session_id, access_token, created_at)
       VALUES ('${uuid(6)}', '${uuid(5)}', 'mat_1', now()), ('${uuid(7)}', '${uuid(5)}', 'mat_2', now())`,
      `INSERT INTO oauth2_refresh_tokens (oauth2_refresh_token_id, oauth2_session_id, oauth2_access_token_id, refresh_token, created_at)
       VALUES ('${uuid(8)}', '${uuid(5)}', '${uuid(6)}', 'mar_1', now())`,
      `INSERT INTO oauth2_refresh_tokens (oauth2_refresh_token_id, oauth2_session_id, next_oauth2_refresh_token_id, refresh_token, created_at)
       VALUES ('${uuid(9)}', '${uuid(5)}', '${uuid(8)}', 'mar_0', now())`,
      `INSERT INTO compat_sso_logins (compat_sso_login_id, login_token, redirect_uri, created_at, compat_session_id)
       SELECT '${uuid(10)}', 'token', 'https://client.example', now(), compat_session_id FROM compat_sessions WHERE device_id = 'LAPTOP'`,
      `INSERT INTO user_recovery_sessions (user_recovery_session_id, email, user_agent, locale, created_at) VALUES ('${uuid(11)}', 'someone@example.com', 'test', 'en', now())`,
      `INSERT INTO user_recovery_tickets (user_recovery_ticket_id, user_recovery_session_id, user_email_id, ticket, created_at, expires_at)
       SELECT '${uuid(12)}', '${uuid(11)}', user_email_id, 'ticket', now(), now() FROM user_emails WHERE email = 'someone@example.com'`,
      masEmail(alice, 'added@example.com', 13),
      `UPDATE compat_sessions SET finished_at = now() WHERE device_id = 'PHONE' AND user_id = '${alice}'`,
    )
    const { plan } = await rolledBack(request(), 'last', { used: 'remove' })
    expect(Object.fromEntries(plan.lost.map(({ what, count }) => [what, count]))).toEqual({
      'OAuth 2.0 access tokens begun or added at MAS': 2,
      'OAuth 2.0 refresh tokens begun or added at MAS': 2,
      'browser sessions begun or added at MAS': 1,
      'e-mail addresses begun or added at MAS': 1,
      'logins of Matrix clients changed at MAS': 1,
      'logins of OAuth 2.0 clients begun or added at MAS': 1,
      'rows of compat_sso_logins begun or added at MAS': 1,
      'rows of user_recovery_tickets begun or added at MAS': 1,
    })
    await stage.inMas('DELETE FROM oauth2_clients', 'DELETE FROM user_recovery_sessions')
    expect(await state()).toEqual(before)
  })

  test.each([
    [
      'a password',
      `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version) SELECT '${uuid(3)}', user_id, 'new', now(), 2 FROM users WHERE username = 'alice'`,
    ],
    ['a locked account', `UPDATE users SET locked_at = now() WHERE username = 'alice'`],
    ['an e-mail that was removed', `DELETE FROM user_emails WHERE email = 'someone@example.com'`],
    [
      'a link',
      `INSERT INTO upstream_oauth_links (upstream_oauth_link_id, upstream_oauth_provider_id, user_id, subject, created_at) SELECT '${uuid(3)}', upstream_oauth_provider_id, user_id, 'other', now() FROM users, upstream_oauth_providers WHERE username = 'alice'`,
    ],
    [
      'a login',
      `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at) SELECT '${uuid(3)}', user_id, 'NEW', now() FROM users WHERE username = 'alice'`,
    ],
    ['a renewed token', `UPDATE compat_refresh_tokens SET consumed_at = now()`],
  ])('an account is in use by %s of its own at MAS', async (_what, statement) => {
    await migrated(request())
    await stage.inMas(statement)
    const { document } = await rolledBack(request(), 'last')
    expect(document).toMatchObject({ accounts: 1, used: 1 })
    expect(await names()).toEqual(['alice', 'here_before'])
  })

  test('people who were adopted stay, without what was added to them', async () => {
    await stage.inSynapse(
      ...person('here_before', EVERYTHING).map((one) => one.replaceAll(/someone|syt_bare|491234/gu, 'theirs')),
    )
    const before = await state()
    await migrated(request({ username: 'adopt' }))
    expect((await state()).rows).not.toEqual(before.rows)
    const { plan } = await rolledBack(request({ username: 'adopt' }), 'last')
    expect(plan).toMatchObject({ accounts: 3, used: 0 })
    expect(await state()).toEqual(before)
  })

  test('rows that it changed are as before, and those that earlier runs wrote stay', async () => {
    await migrated(request())
    const before = await state()
    await stage.inSynapse(
      `UPDATE devices SET last_seen = last_seen + 1000, ip = '10.9.9.9'`,
      `UPDATE users SET admin = 1 WHERE name = '${mxid('bob')}'`,
      ...device('alice', 'TABLET'),
      ...person('carol'),
    )
    const { runId } = await migrated(request())
    const after = await state()
    const { document } = await rolledBack(request(), runId)
    expect(rowsTold(document)).toEqual({
      users: '1 remove, 1 restore',
      user_passwords: '1 remove',
      compat_sessions: '1 remove, 3 restore',
      compat_access_tokens: '1 remove',
    })
    expect(await state()).toEqual(before)
    await migrated(request())
    expect(await state()).toEqual(after)
  })

  test('no password, login or token comes back that Synapse no longer has, and no right', async () => {
    await migrated(request())
    await stage.inSynapse(
      `UPDATE users SET password_hash = '$2b$12$second'`,
      `UPDATE devices SET last_seen = last_seen + 1000`,
      `UPDATE access_tokens SET last_validated = last_validated + 1000`,
    )
    const { runId } = await migrated(request())
    await stage.inSynapse(
      `UPDATE users SET password_hash = '$2b$12$third' WHERE name = '${mxid('alice')}'`,
      `DELETE FROM access_tokens WHERE token = 'syt_bob_PHONE'`,
      `DELETE FROM devices WHERE user_id = '${mxid('bob')}'`,
    )
    const { document } = await rolledBack(request(), runId)
    expect(rowsTold(document)['user_passwords']).toBe('1 endForGood, 1 stay')
    // What Synapse gives bob now he has already.
    expect(
      await stage.inMas('SELECT username, hashed_password FROM user_passwords JOIN users USING (user_id)'),
    ).toEqual([{ username: 'bob', hashed_password: '$2b$12$second' }])
    expect(
      await stage.inMas(
        `SELECT finished_at IS NOT NULL AS finished FROM compat_sessions s JOIN users u USING (user_id) WHERE username = 'bob'`,
      ),
    ).toEqual([{ finished: true }])
    expect(
      await stage.inMas(
        `SELECT expires_at <= now() AS expired FROM compat_access_tokens WHERE access_token = 'syt_bob_PHONE'`,
      ),
    ).toEqual([{ expired: true }])
    await migrated(request())
    expect(await stage.inMas('SELECT hashed_password FROM user_passwords ORDER BY 1')).toEqual([
      { hashed_password: '$2b$12$second' },
      { hashed_password: '$2b$12$third' },
    ])
    expect(
      await stage.inMas(`SELECT device_id FROM compat_sessions s JOIN users u USING (user_id) WHERE username = 'bob'`),
    ).toEqual([])
  })

  test('nor what Synapse took away while the question waited for its answer', async () => {
    await migrated(request())
    await stage.inSynapse(`UPDATE devices SET last_seen = last_seen + 1000`)
    await migrated(request())
    await rollback({
      ...request(),
      what: 'last',
      used: 'keep',
      confirm: async () => {
        await stage.inSynapse(`DELETE FROM devices WHERE user_id = '${mxid('bob')}'`)
        return true
      },
    })
    expect(
      await stage.inMas(
        `SELECT username, finished_at IS NOT NULL AS finished FROM compat_sessions s JOIN users u USING (user_id)
         WHERE device_id = 'PHONE' ORDER BY 1`,
      ),
    ).toEqual([
      { username: 'alice', finished: false },
      { username: 'bob', finished: true },
    ])
  })

  describe('an SSO identity that it moved', () => {
    const linked = async () =>
      (await stage.inMas(`SELECT username FROM upstream_oauth_links LEFT JOIN users USING (user_id)`)).map(
        ({ username }) => username,
      )
    const give = (name: string) =>
      stage.inSynapse(`UPDATE user_external_ids SET user_id = '${mxid(name)}' WHERE external_id = 'someone'`)

    test.each([
      ['returns to whom Synapse gives it again', () => give('alice'), ['alice']],
      ['stays with whom Synapse gives it to', async () => [], ['bob']],
      ['lets nobody in whom Synapse does not let in', () => stage.inSynapse('DELETE FROM user_external_ids'), []],
    ])('%s', async (_what, meanwhile, wanted) => {
      await migrated(request())
      await give('bob')
      const { runId } = await migrated(request())
      expect(await linked()).toEqual(['bob'])
      await meanwhile()
      const { document } = await rolledBack(request(), runId)
      expect(document).toMatchObject({ used: 0 })
      expect(await linked()).toEqual(wanted)
    })

    test('to somebody who came goes with them, and comes back with them', async () => {
      await migrated(request())
      const before = await names()
      await stage.inSynapse(...person('carol', { devices: ['PHONE'] }))
      await give('carol')
      await stage.inSynapse(`UPDATE users SET deactivated = 1 WHERE name = '${mxid('alice')}'`)
      const heldBack = {
        ...request(),
        mapping: { ...plainMapping, accounts: { ...plainMapping.accounts, deactivated: 'hold_back' } },
      } as const
      const { runId } = await migrated(heldBack)
      expect(await names()).toEqual(['bob', 'carol', 'here_before'])
      expect(await linked()).toEqual(['carol'])
      const { document } = await rolledBack(heldBack, runId)
      expect(document).toMatchObject({ used: 0, lost: [] })
      expect(await names()).toEqual(before.filter((name) => name !== 'alice'))
      expect(await linked()).toEqual([])
      await migrated(heldBack)
      expect(await linked()).toEqual(['carol'])
    })
  })

  test('only the newest first: what later runs wrote leans on it', async () => {
    const { runId } = await migrated(request())
    await stage.inSynapse(`UPDATE users SET password_hash = '$2b$12$second'`)
    const second = await migrated(request())
    await stage.inSynapse(`UPDATE users SET password_hash = '$2b$12$third'`)
    const third = await migrated(request())
    await expect(rolledBack(request(), second.runId)).rejects.toMatchObject({
      code: 'run.not-possible',
      next: [`Take it back first: syn2op rollback ${third.runId}`],
    })
    await rolledBack(request(), third.runId)
    await rolledBack(request(), second.runId)
    await stage.inSynapse(...device('alice', 'TABLET'))
    const later = await migrated(request())
    await expect(rolledBack(request(), runId)).rejects.toMatchObject({
      code: 'run.not-possible',
      next: [expect.stringContaining(`syn2op rollback ${later.runId}`)],
    })
    await rolledBack(request(), later.runId)
    await rolledBack(request(), runId)
    expect(await names()).toEqual(['here_before'])
    await expect(rolledBack(request(), runId)).rejects.toMatchObject({ code: 'run.not-possible' })
    await expect(rolledBack(request(), 'last')).rejects.toMatchObject({ code: 'run.missing' })
  })
})
