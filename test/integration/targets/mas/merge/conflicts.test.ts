import { beforeEach, describe, expect, test } from 'vitest'
import { uuidToUlid } from '../../../../../src/targets/mas/config/ulid.ts'
import { EVERYTHING, masEmail, masUser, mxid, person } from '../../../../support/merge/people.ts'
import { PROVIDER, type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

const link = (user: string | null, subject: string) => `
  INSERT INTO upstream_oauth_links (upstream_oauth_link_id, upstream_oauth_provider_id, user_id, subject, created_at)
  VALUES ('01900000-0000-7000-8000-0000000000ba', '${PROVIDER}', ${user === null ? 'NULL' : `'${user}'`}, '${subject}', now())`

describe('what belongs to somebody else in MAS', () => {
  let stage: Stage
  const rowsOf = (name: string) =>
    stage.inMas(`SELECT email FROM user_emails JOIN users USING (user_id) WHERE username = '${name}' ORDER BY email`)

  beforeEach(async () => {
    stage = await setStage(postgres, 'merge_conflicts')
  })

  test('a name holds the account back, and the outcome says whose it is', async () => {
    const id = await masUser(stage, 'alice', 1)
    await stage.inSynapse(...person('alice', EVERYTHING), ...person('bob'))
    const outcomes = await stage.merge()
    expect(told(outcomes)).toMatchObject({
      alice: 'held back (username_taken)',
      bob: expect.stringContaining('created'),
    })
    expect(outcomes[0]?.message).toBe(
      `the target has an account of this name that syn2op did not write: MAS user ${uuidToUlid(id)}`,
    )
    expect(await stage.inMas('SELECT * FROM compat_sessions')).toEqual([])
  })

  test('a name that MAS takes for the same holds the account back, whatever the rule', async () => {
    await masUser(stage, 'Alice', 1)
    await stage.inSynapse(...person('alice'))
    expect(told(await stage.merge())).toEqual({ alice: 'held back (username_taken)' })
    expect(told(await stage.merge({ conflicts: { username: 'adopt' } }))).toEqual({
      alice: 'held back (username_taken)',
    })
  })

  test('two names of Synapse that MAS takes for the same are no conflict', async () => {
    await stage.inSynapse(...person('alice'), ...person('Alice'))
    expect(told(await stage.merge())).toMatchObject({
      alice: expect.stringMatching(/^created/),
      Alice: expect.stringMatching(/^created/),
    })
    await stage.inSynapse(...person('ALICE'))
    expect(told(await stage.merge())['ALICE']).toMatch(/^created/)
  })

  test('an adopted account keeps what it has, and gets what it lacks', async () => {
    const id = await masUser(stage, 'alice', 1)
    await stage.inMas(
      masEmail(id, 'someone@example.com', 2),
      `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
       VALUES ('01900000-0000-7000-8000-0000000000bb', '${id}', 'of MAS', now(), 2)`,
    )
    const before = await stage.inMas('SELECT * FROM users')
    await stage.inSynapse(...person('alice', EVERYTHING))
    const adopt = { conflicts: { username: 'adopt' } } as const
    expect(told(await stage.merge(adopt))).toEqual({
      alice:
        'updated [account: 1 foreign; password: 1 foreign; threepid: 1 create, 1 foreign; external_id: 1 create; session: 3 create; access_token: 3 create; refresh_token: 1 create]',
    })
    expect(await stage.inMas('SELECT * FROM users')).toEqual(before)
    expect(told(await stage.merge(adopt))['alice']).toMatch(/^unchanged .*session: 3 unchanged/)
    expect(await stage.inMas('SELECT DISTINCT user_id FROM compat_sessions')).toEqual([{ user_id: id }])
    await stage.inSynapse(`DELETE FROM user_threepids WHERE medium = 'msisdn'`)
    expect(told(await stage.merge(adopt))['alice']).toContain('threepid: 1 remove, 1 foreign')
  })

  test('an e-mail holds the account back, in whatever letters; or stays behind', async () => {
    const other = await masUser(stage, 'other', 1)
    await stage.inMas(masEmail(other, 'Someone@Example.com', 2))
    await stage.inSynapse(...person('alice', { emails: ['someone@example.com', 'second@example.com'] }))
    const outcomes = await stage.merge()
    expect(told(outcomes)).toEqual({ alice: 'held back (email_taken)' })
    expect(outcomes[0]?.message).toContain(`MAS user ${uuidToUlid(other)}`)
    expect(told(await stage.merge({ conflicts: { email: 'leave' } }))).toEqual({
      alice: 'created [account: 1 create; password: 1 create; threepid: 1 create, 1 foreign]',
    })
    expect(await rowsOf('alice')).toEqual([{ email: 'second@example.com' }])
  })

  test('an e-mail that Synapse gave to two people, or moved, is no conflict', async () => {
    await stage.inSynapse(...person('alice', { emails: ['shared@example.com'] }))
    await stage.merge()
    await stage.inSynapse(...person('bob'), `UPDATE user_threepids SET user_id = '${mxid('bob')}'`)
    expect(told(await stage.merge({ only: [mxid('bob')] }))['bob']).toContain('threepid: 1 create')
    expect(told(await stage.merge())['alice']).toContain('threepid: 1 remove')
  })

  test('an SSO identity holds the account back; or stays behind', async () => {
    const other = await masUser(stage, 'other', 1)
    await stage.inMas(link(other, 'someone'))
    await stage.inSynapse(...person('alice', { subjects: ['someone', 'second'] }))
    expect(told(await stage.merge())).toEqual({ alice: 'held back (identity_taken)' })
    expect(told(await stage.merge({ conflicts: { identity: 'leave' } }))).toEqual({
      alice: 'created [account: 1 create; password: 1 create; external_id: 1 create, 1 foreign]',
    })
    expect(await stage.inMas(`SELECT user_id FROM upstream_oauth_links WHERE subject = 'someone'`)).toEqual([
      { user_id: other },
    ])
  })

  test('an SSO identity that nobody has registered with yet is not ours either', async () => {
    await stage.inMas(link(null, 'someone'))
    await stage.inSynapse(...person('alice', { subjects: ['someone'] }))
    const outcomes = await stage.merge()
    expect(told(outcomes)).toEqual({ alice: 'held back (identity_taken)' })
    expect(outcomes[0]?.message).toContain('a link of MAS that no user has yet')
  })

  test('a token holds the account back, and is never said', async () => {
    const other = await masUser(stage, 'other', 1)
    await stage.inMas(
      `INSERT INTO compat_sessions (compat_session_id, user_id, created_at) VALUES ('01900000-0000-7000-8000-0000000000bc', '${other}', now())`,
      `INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at)
       VALUES ('01900000-0000-7000-8000-0000000000bd', '01900000-0000-7000-8000-0000000000bc', 'syt_alice_PHONE', now())`,
    )
    await stage.inSynapse(...person('alice', { devices: ['PHONE'] }))
    const outcomes = await stage.merge()
    expect(told(outcomes)).toEqual({ alice: 'held back (token_taken)' })
    expect(JSON.stringify(outcomes)).not.toContain('syt_')
  })

  test('an account of ours that meets a conflict later keeps all that it has, until that is gone', async () => {
    await stage.inSynapse(...person('alice', { devices: ['PHONE'] }))
    await stage.merge()
    const other = await masUser(stage, 'other', 1)
    await stage.inMas(link(other, 'someone'))
    await stage.inSynapse(
      `INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES ('oidc-one', 'someone', '${mxid('alice')}')`,
      `UPDATE users SET admin = 1`,
    )
    expect(told(await stage.merge())).toEqual({ alice: 'held back (identity_taken)' })
    expect(await stage.inMas("SELECT can_request_admin FROM users WHERE username = 'alice'")).toEqual([
      { can_request_admin: false },
    ])
    await stage.inMas(`DELETE FROM upstream_oauth_links`)
    expect(told(await stage.merge())['alice']).toContain('account: 1 update')
  })

  describe('but an SSO identity of ours that Synapse moved to another account moves', () => {
    const linkOf = () =>
      stage.inMas('SELECT upstream_oauth_link_id AS id, username FROM upstream_oauth_links JOIN users USING (user_id)')
    const move = () => stage.inSynapse(`UPDATE user_external_ids SET user_id = '${mxid('bob')}'`)
    beforeEach(async () => {
      await stage.inSynapse(...person('alice', { subjects: ['someone'] }), ...person('bob'))
      await stage.merge()
      await move()
    })

    test('within a batch', async () => {
      const [before] = await linkOf()
      expect(told(await stage.merge())).toMatchObject({
        alice: 'unchanged [account: 1 unchanged; password: 1 unchanged]',
        bob: 'updated [account: 1 unchanged; password: 1 unchanged; external_id: 1 update]',
      })
      expect(await linkOf()).toEqual([{ ...before, username: 'bob' }])
      expect(told(await stage.merge())['bob']).toMatch(/^unchanged/)
    })

    test('by the batch of the one who has it now, first', async () => {
      const [before] = await linkOf()
      expect(told(await stage.merge({ only: [mxid('bob')] }))['bob']).toContain('external_id: 1 update')
      expect(told(await stage.merge({ only: [mxid('alice')] }))['alice']).toBe(
        'unchanged [account: 1 unchanged; password: 1 unchanged]',
      )
      expect(await linkOf()).toEqual([{ ...before, username: 'bob' }])
    })

    test('by the batch of the one who had it, first', async () => {
      expect(told(await stage.merge({ only: [mxid('alice')] }))['alice']).toContain('external_id: 1 remove')
      expect(told(await stage.merge({ only: [mxid('bob')] }))['bob']).toContain('external_id: 1 create')
      expect(await linkOf()).toMatchObject([{ username: 'bob' }])
    })

    test('or is gone at least from the one who had it, where the one who has it now was closed at MAS', async () => {
      await stage.inMas(`UPDATE users SET deactivated_at = now() WHERE username = 'bob'`)
      expect(told(await stage.merge())).toMatchObject({
        alice: 'updated [account: 1 unchanged; password: 1 unchanged; external_id: 1 remove]',
        bob: 'unchanged [account: 1 theirs; password: 1 unchanged; external_id: 1 theirs]',
      })
      expect(await linkOf()).toEqual([])
      expect(told(await stage.merge())).toMatchObject({
        alice: expect.stringMatching(/^unchanged/),
        bob: 'unchanged [account: 1 theirs; password: 1 unchanged; external_id: 1 theirs]',
      })
    })

    test('or is gone at least from the one who had it, where the one who has it now is held back', async () => {
      await masUser(stage, 'carol', 1)
      await stage.inSynapse(...person('carol'), `UPDATE user_external_ids SET user_id = '${mxid('carol')}'`)
      expect(told(await stage.merge())).toMatchObject({
        alice: 'updated [account: 1 unchanged; password: 1 unchanged; external_id: 1 remove]',
        carol: 'held back (username_taken)',
      })
      expect(await linkOf()).toEqual([])
      expect(told(await stage.merge())['alice']).toMatch(/^unchanged/)
      await stage.inMas(`DELETE FROM users WHERE username = 'carol'`)
      expect(told(await stage.merge())['carol']).toContain('external_id: 1 create')
    })
  })
})
