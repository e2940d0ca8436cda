import { beforeEach, describe, expect, test } from 'vitest'
import { device, EVERYTHING, masEmail, mxid, person } from '../../../../support/merge/people.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

describe('what people changed in MAS since we wrote it', () => {
  let stage: Stage
  const user = async (name: string) =>
    (await stage.inMas(`SELECT user_id FROM users WHERE username = '${name}'`))[0]!['user_id']
  const inMasOfAlice = (rows: string) => stage.inMas(`SELECT ${rows}`)

  beforeEach(async () => {
    stage = await setStage(postgres, 'merge_theirs')
    await stage.inSynapse(...person('alice', EVERYTHING))
    await stage.merge()
  })

  test('a password changed there stays, whatever Synapse says later', async () => {
    await stage.inMas(`
      INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
      SELECT '01900000-0000-7000-8000-0000000000aa', user_id, 'new at MAS', now(), 2 FROM users`)
    await stage.inSynapse(`UPDATE users SET password_hash = '$2b$12$changed too'`)
    expect(told(await stage.merge())['alice']).toContain('password: 1 theirs')
    await stage.inSynapse('UPDATE users SET password_hash = NULL')
    expect(told(await stage.merge())['alice']).toContain('password: 1 theirs')
    expect(await inMasOfAlice('hashed_password FROM user_passwords ORDER BY version')).toEqual([
      { hashed_password: '$2b$12$alice' },
      { hashed_password: 'new at MAS' },
    ])
  })

  test('a login closed there stays closed, and gets no token', async () => {
    await stage.inMas(`UPDATE compat_sessions SET finished_at = now() WHERE device_id = 'PHONE'`)
    await stage.inSynapse(
      `UPDATE access_tokens SET token = 'syt_renewed' WHERE device_id = 'PHONE'`,
      `UPDATE devices SET last_seen = last_seen + 1 WHERE device_id = 'PHONE'`,
    )
    expect(told(await stage.merge())).toEqual({
      alice:
        'updated [account: 1 unchanged; password: 1 unchanged; threepid: 2 unchanged; external_id: 1 unchanged; session: 2 unchanged, 1 theirs; access_token: 1 remove, 2 unchanged, 1 theirs; refresh_token: 1 unchanged]',
    })
    expect(await inMasOfAlice(`access_token FROM compat_access_tokens WHERE access_token = 'syt_renewed'`)).toEqual([])
  })

  test('a device that logged in there anew is theirs, with the closed login beside it', async () => {
    await stage.inMas(
      `UPDATE compat_sessions SET finished_at = now() WHERE device_id = 'PHONE'`,
      `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at)
       SELECT '01900000-0000-7000-8000-0000000000ab', user_id, 'PHONE', now() FROM users`,
    )
    await stage.inSynapse(`UPDATE access_tokens SET token = 'syt_renewed' WHERE device_id = 'PHONE'`)
    const { alice } = told(await stage.merge())
    expect(alice).toContain('session: 2 unchanged, 1 theirs')
    expect(alice).toContain('access_token: 1 remove, 2 unchanged, 1 theirs')
  })

  test('a token refreshed there is theirs, and the pair that Synapse has is not written beside it', async () => {
    await stage.inMas(
      `UPDATE compat_refresh_tokens SET consumed_at = now()`,
      `UPDATE compat_access_tokens SET expires_at = now() WHERE access_token = 'syt_alice_LAPTOP'`,
    )
    const { alice } = told(await stage.merge())
    expect(alice).toContain('access_token: 2 unchanged, 1 theirs; refresh_token: 1 theirs')
    await stage.inSynapse(`UPDATE refresh_tokens SET token = 'syr_other'`)
    expect(told(await stage.merge())['alice']).toContain('refresh_token: 2 theirs')
  })

  test('an e-mail removed there stays removed, until it is removed in Synapse too', async () => {
    await stage.inMas('DELETE FROM user_emails')
    expect(told(await stage.merge())['alice']).toContain('threepid: 1 unchanged, 1 theirs')
    await stage.inSynapse(`DELETE FROM user_threepids WHERE medium = 'email'`)
    expect(told(await stage.merge())['alice']).toContain('threepid: 1 unchanged;')
    await stage.inSynapse(
      `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
       VALUES ('${mxid('alice')}', 'email', 'someone@example.com', 1, 1)`,
    )
    expect(told(await stage.merge())['alice']).toContain('threepid: 1 create, 1 unchanged')
  })

  test('an account locked there stays locked; what else Synapse has new is written', async () => {
    await stage.inMas('UPDATE users SET locked_at = now()')
    await stage.inSynapse('UPDATE users SET admin = 1', ...device('alice', 'WATCH'))
    const { alice } = told(await stage.merge())
    expect(alice).toContain('account: 1 theirs')
    expect(alice).toContain('1 create')
    expect(await inMasOfAlice('can_request_admin, locked_at IS NOT NULL AS locked FROM users')).toEqual([
      { can_request_admin: false, locked: true },
    ])
  })

  test('an account deactivated there gets nothing new', async () => {
    await stage.inMas('UPDATE users SET deactivated_at = now()')
    await stage.inSynapse(...device('alice', 'WATCH'), `UPDATE users SET password_hash = '$2b$12$new'`)
    expect(told(await stage.merge())['alice']).toMatch(
      /^unchanged .*password: 1 theirs;.* session: 3 unchanged, 1 theirs; access_token: 3 unchanged, 1 theirs/,
    )
  })

  test('an account removed there stays removed with all that it had', async () => {
    await stage.inMas(
      'DELETE FROM compat_refresh_tokens',
      'DELETE FROM compat_access_tokens',
      'DELETE FROM compat_sessions',
      'DELETE FROM upstream_oauth_links',
      'DELETE FROM user_passwords',
      'DELETE FROM users',
    )
    await stage.inSynapse(...device('alice', 'WATCH'))
    expect(told(await stage.merge())['alice']).toBe(
      'unchanged [account: 1 theirs; password: 1 theirs; threepid: 2 theirs; external_id: 1 theirs; session: 4 theirs; access_token: 4 theirs; refresh_token: 1 theirs]',
    )
  })

  test('what changed there to just what Synapse has by now is ours again', async () => {
    await stage.inSynapse('UPDATE users SET admin = 1')
    await stage.inMas('UPDATE users SET can_request_admin = true')
    expect(told(await stage.merge())['alice']).toContain('account: 1 unchanged')
    await stage.inSynapse('UPDATE users SET admin = 0')
    expect(told(await stage.merge())['alice']).toContain('account: 1 update')
  })

  test('an account that is no longer wanted stays whole where anything of it is theirs', async () => {
    await stage.inMas(masEmail(String(await user('alice')), 'added@example.com', 0xac))
    const counts = async () =>
      stage.inMas(`SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM compat_access_tokens) AS tokens`)
    const before = await counts()
    expect(told(await stage.merge({ ghosts: ['^@alice'] }))['alice']).toBe(
      'held back (ghost_namespace) [account: 1 theirs; password: 1 theirs; threepid: 2 theirs; external_id: 1 theirs; session: 3 theirs; access_token: 3 theirs; refresh_token: 1 theirs]',
    )
    expect(await counts()).toEqual(before)
  })

  test('a login stays that something of theirs refers to, be it by a reference that the database would cut', async () => {
    await stage.inMas(`
      INSERT INTO compat_sso_logins (compat_sso_login_id, login_token, redirect_uri, created_at, compat_session_id)
      SELECT '01900000-0000-7000-8000-0000000000ad', 'token', 'https://client.example', now(), compat_session_id
      FROM compat_sessions WHERE device_id = 'PHONE'`)
    await stage.inSynapse(
      `DELETE FROM access_tokens WHERE device_id = 'PHONE'`,
      `DELETE FROM devices WHERE device_id = 'PHONE'`,
    )
    const { alice } = told(await stage.merge())
    expect(alice).toContain('session: 2 unchanged, 1 theirs; access_token: 1 remove, 2 unchanged')
    expect(await inMasOfAlice('compat_session_id IS NOT NULL AS kept FROM compat_sso_logins')).toEqual([{ kept: true }])
  })

  test('a login stays whose token is theirs', async () => {
    await stage.inMas(
      `UPDATE compat_access_tokens SET expires_at = '2030-01-01Z' WHERE access_token = 'syt_alice_PHONE'`,
    )
    await stage.inSynapse(
      `DELETE FROM access_tokens WHERE device_id = 'PHONE'`,
      `DELETE FROM devices WHERE device_id = 'PHONE'`,
    )
    expect(told(await stage.merge())['alice']).toContain(
      'session: 2 unchanged, 1 theirs; access_token: 2 unchanged, 1 theirs',
    )
  })

  test('rows of their own are left alone, and not counted', async () => {
    const id = String(await user('alice'))
    await stage.inMas(masEmail(id, 'own@example.com', 0xae))
    await stage.inSynapse(`DELETE FROM user_threepids`)
    expect(told(await stage.merge())['alice']).toContain('threepid: 2 remove')
    expect(await inMasOfAlice('email FROM user_emails')).toEqual([{ email: 'own@example.com' }])
  })
})
