import { beforeEach, describe, expect, test } from 'vitest'
import { device, EVERYTHING, mxid, person } from '../../../../support/merge/people.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

const ALL_OF_ALICE =
  'account: 1 create; password: 1 create; threepid: 2 create; external_id: 1 create; session: 3 create; access_token: 3 create; refresh_token: 1 create'

describe('merging into MAS', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage(postgres, 'merge_plain')
  })

  test('creates what is missing, and then finds nothing to do', async () => {
    await stage.inSynapse(...person('alice', EVERYTHING), ...person('bob'))
    expect(told(await stage.merge())).toEqual({
      alice: `created [${ALL_OF_ALICE}]`,
      bob: 'created [account: 1 create; password: 1 create]',
    })
    expect(told(await stage.merge())).toEqual({
      alice: `unchanged [${ALL_OF_ALICE.replaceAll('create', 'unchanged')}]`,
      bob: 'unchanged [account: 1 unchanged; password: 1 unchanged]',
    })
  })

  test('updates rows of ours where they stand, and they keep their identifiers though the times of them move', async () => {
    await stage.inSynapse(...person('alice', EVERYTHING))
    await stage.merge()
    const identifiers = () =>
      stage.inMas(`
        SELECT user_id, user_password_id, user_email_id, compat_session_id, compat_access_token_id
        FROM users JOIN user_passwords USING (user_id) JOIN user_emails USING (user_id) JOIN compat_sessions USING (user_id)
        JOIN compat_access_tokens USING (compat_session_id) WHERE device_id = 'PHONE'`)
    const before = await identifiers()
    await stage.inSynapse(
      `UPDATE users SET password_hash = '$2b$12$new', admin = 1`,
      `UPDATE user_threepids SET added_at = added_at + 1000`,
      `UPDATE access_tokens SET last_validated = last_validated + 1000`,
    )
    expect(told(await stage.merge())).toEqual({
      alice:
        'updated [account: 1 update; password: 1 update; threepid: 2 update; external_id: 1 unchanged; session: 3 update; access_token: 3 update; refresh_token: 1 update]',
    })
    expect(await identifiers()).toEqual(before)
    expect(
      await stage.inMas(`SELECT hashed_password, can_request_admin FROM users JOIN user_passwords USING (user_id)`),
    ).toEqual([{ hashed_password: '$2b$12$new', can_request_admin: true }])
    expect(told(await stage.merge())['alice']).toMatch(/^unchanged/)
  })

  test('removes what is gone from the source, and adds what is new', async () => {
    await stage.inSynapse(...person('alice', { ...EVERYTHING, devices: ['PHONE', 'TABLET'] }))
    await stage.merge()
    await stage.inSynapse(
      `DELETE FROM access_tokens WHERE device_id IN ('PHONE', 'LAPTOP') OR device_id IS NULL`,
      `DELETE FROM refresh_tokens`,
      `DELETE FROM devices WHERE device_id IN ('PHONE', 'LAPTOP')`,
      `DELETE FROM user_threepids`,
      `DELETE FROM user_external_ids`,
      `UPDATE users SET password_hash = NULL`,
      ...device('alice', 'WATCH'),
    )
    expect(told(await stage.merge())).toEqual({
      alice:
        'updated [account: 1 unchanged; password: 1 remove; threepid: 2 remove; external_id: 1 remove; session: 1 create, 3 remove, 1 unchanged; access_token: 1 create, 3 remove, 1 unchanged; refresh_token: 1 remove]',
    })
    expect(
      await stage.inMas(
        `SELECT device_id, access_token FROM compat_sessions JOIN compat_access_tokens USING (compat_session_id) ORDER BY 1`,
      ),
    ).toEqual([
      { device_id: 'TABLET', access_token: 'syt_alice_TABLET' },
      { device_id: 'WATCH', access_token: 'syt_alice_WATCH' },
    ])
  })

  test('adds people who came late, one batch at a time', async () => {
    await stage.inSynapse(...person('alice'))
    await stage.merge()
    await stage.inSynapse(...person('late', { devices: ['PHONE'] }))
    expect(told(await stage.merge({ only: [mxid('late')] }))).toEqual({
      late: 'created [account: 1 create; password: 1 create; session: 1 create; access_token: 1 create]',
    })
  })

  test('removes an account that is gone, or held back by now, where all of it is still as we wrote it', async () => {
    await stage.inSynapse(...person('alice', EVERYTHING), ...person('bot_one'))
    await stage.merge()
    await stage.inSynapse(`DELETE FROM users WHERE name = '${mxid('alice')}'`)
    expect(told(await stage.merge({ only: [mxid('alice'), mxid('bot_one')], ghosts: ['^@bot_'] }))).toEqual({
      alice: `removed [${ALL_OF_ALICE.replaceAll('create', 'remove')}]`,
      bot_one: 'removed (ghost_namespace) [account: 1 remove; password: 1 remove]',
    })
    expect(await stage.inMas('SELECT * FROM users')).toEqual([])
    expect(await stage.inMas('SELECT * FROM syn2op.written_row')).toEqual([])
  })

  test('holds back who is decided so', async () => {
    await stage.inSynapse(...person('bot_one', { devices: ['PHONE'] }))
    expect(told(await stage.merge({ ghosts: ['^@bot_'] }))).toEqual({ bot_one: 'held back (ghost_namespace)' })
    expect(await stage.inMas('SELECT * FROM users')).toEqual([])
  })

  test('plans without writing anything, and without a journal', async () => {
    await stage.inSynapse(...person('alice', EVERYTHING))
    const { accounts } = await stage.plan()
    expect(told(accounts)).toEqual({ alice: `create [${ALL_OF_ALICE}]` })
    expect(await stage.inMas('SELECT * FROM users')).toEqual([])
    expect(await stage.inMas(`SELECT 1 FROM pg_namespace WHERE nspname = 'syn2op'`)).toEqual([])
  })
})
