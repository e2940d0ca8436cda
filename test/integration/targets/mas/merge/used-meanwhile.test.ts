import { beforeEach, describe, expect, test } from 'vitest'
import { device, EVERYTHING, masEmail, masUser, mxid, person } from '../../../../support/merge/people.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

describe('what no constraint of MAS keeps apart', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage(postgres, 'merge_apart')
    await stage.inSynapse(...person('alice', EVERYTHING), ...person('bob', { devices: ['PHONE'] }))
  })

  test('a name in other letters that is registered between plan and apply is a conflict', async () => {
    const outcomes = await stage.merge({ meanwhile: async () => void (await masUser(stage, 'Alice', 1)) })
    expect(told(outcomes)).toMatchObject({
      alice: 'held back (username_taken)',
      bob: expect.stringMatching(/^created/),
    })
  })

  test('an e-mail that somebody adds between plan and apply is a conflict', async () => {
    const other = await masUser(stage, 'other', 1)
    const outcomes = await stage.merge({
      meanwhile: async () => void (await stage.inMas(masEmail(other, 'Someone@example.com', 2))),
    })
    expect(told(outcomes)).toMatchObject({ alice: 'held back (email_taken)', bob: expect.stringMatching(/^created/) })
    expect(await stage.inMas('SELECT email FROM user_emails')).toEqual([{ email: 'Someone@example.com' }])
  })

  test('a device that logs in at MAS between plan and apply is not given a second login', async () => {
    await stage.merge()
    await stage.inSynapse(...device('bob', 'WATCH'))
    const outcomes = await stage.merge({
      meanwhile: async () =>
        void (await stage.inMas(
          `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at)
           SELECT '01900000-0000-7000-8000-0000000000d1', user_id, 'WATCH', now() FROM users WHERE username = 'bob'`,
        )),
    })
    expect(told(outcomes)['bob']).toContain('session: 1 unchanged, 1 foreign')
    expect(await stage.inMas(`SELECT count(*)::int AS count FROM compat_sessions WHERE device_id = 'WATCH'`)).toEqual([
      { count: 1 },
    ])
  })

  test('a password that is changed at MAS between plan and apply is theirs', async () => {
    await stage.merge()
    await stage.inSynapse(`UPDATE users SET password_hash = '$2b$12$new'`)
    const outcomes = await stage.merge({
      meanwhile: async () =>
        void (await stage.inMas(
          `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
           SELECT '01900000-0000-7000-8000-0000000000d2', user_id, 'new at MAS', now(), 2 FROM users WHERE username = 'bob'`,
        )),
    })
    expect(told(outcomes)).toMatchObject({
      alice: expect.stringContaining('password: 1 update'),
      bob: expect.stringContaining('password: 1 theirs'),
    })
  })

  test('an e-mail that was removed and added again at MAS is no longer ours to give away', async () => {
    await stage.merge()
    await stage.inMas(`UPDATE user_emails SET created_at = now()`)
    await stage.inSynapse(`UPDATE user_threepids SET user_id = '${mxid('bob')}' WHERE medium = 'email'`)
    expect(told(await stage.merge())).toMatchObject({
      alice: expect.stringContaining('threepid: 1 unchanged, 1 theirs'),
      bob: 'held back (email_taken)',
    })
    expect(await stage.inMas('SELECT count(*)::int AS count FROM user_emails')).toEqual([{ count: 1 }])
  })
})

describe('an adopted account', () => {
  test('that was deactivated at MAS gets nothing new', async () => {
    const stage = await setStage(postgres, 'merge_adopted')
    const id = await masUser(stage, 'alice', 1)
    await stage.inMas(`UPDATE users SET deactivated_at = now() WHERE user_id = '${id}'`)
    await stage.inSynapse(...person('alice', EVERYTHING))
    expect(told(await stage.merge({ conflicts: { username: 'adopt' } }))['alice']).toMatch(
      /^unchanged \[account: 1 foreign; password: 1 theirs;/u,
    )
    expect(await stage.inMas('SELECT * FROM compat_sessions')).toEqual([])
    expect(await stage.inMas('SELECT * FROM user_passwords')).toEqual([])
  })
})

describe('a row that somebody keeps locked', () => {
  test('rejects its account after a while, and every other is written', async () => {
    const stage = await setStage(postgres, 'merge_locked')
    await stage.inSynapse(...person('alice'), ...person('bob'), ...person('carol'))
    await stage.merge()
    await stage.inSynapse('UPDATE users SET admin = 1')
    const mas = await postgres.superuser(stage.masDatabase)
    await mas.query('BEGIN')
    await mas.query(`SELECT FROM users WHERE username = 'bob' FOR UPDATE`)
    const outcomes = await stage.merge()
    await mas.query('ROLLBACK')
    await mas.end()
    expect(told(outcomes)).toMatchObject({
      alice: expect.stringMatching(/^updated/),
      bob: 'rejected',
      carol: expect.stringMatching(/^updated/),
    })
    expect(outcomes.map(({ message }) => message)[1]).toMatch(/locked/u)
    expect(told(await stage.merge())['bob']).toMatch(/^updated/)
  })
})
