import { beforeEach, describe, expect, test } from 'vitest'
import { untilWeWait } from '../../../../support/lock-waits.ts'
import { EVERYTHING, masEmail, masUser, person } from '../../../../support/merge/people.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

describe('while MAS runs', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage(postgres, 'merge_meanwhile')
    await stage.inSynapse(...person('alice', EVERYTHING), ...person('bob', { devices: ['PHONE'] }))
  })

  test('a name that is taken between plan and apply is a conflict, and the others are written', async () => {
    const outcomes = await stage.merge({ meanwhile: async () => void (await masUser(stage, 'alice', 1)) })
    expect(told(outcomes)).toEqual({
      alice: 'held back (username_taken)',
      bob: 'created [account: 1 create; password: 1 create; session: 1 create; access_token: 1 create]',
    })
  })

  test('a name that somebody is taking is waited for', async () => {
    const mas = await postgres.superuser(stage.masDatabase)
    await mas.query('BEGIN')
    await mas.query(
      `INSERT INTO users (user_id, username, created_at) VALUES ('01900000-0000-7000-8000-0000000000c1', 'alice', now())`,
    )
    const merging = stage.merge()
    await untilWeWait(postgres, stage.masDatabase)
    await mas.query('COMMIT')
    await mas.end()
    expect(told(await merging)).toMatchObject({ alice: 'held back (username_taken)' })
  })

  test('a row that changes between plan and apply is theirs', async () => {
    await stage.merge()
    await stage.inSynapse(`UPDATE users SET admin = 1, password_hash = '$2b$12$new'`)
    const outcomes = await stage.merge({
      meanwhile: async () =>
        void (await stage.inMas(
          `UPDATE users SET locked_at = now() WHERE username = 'alice'`,
          `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
           SELECT '01900000-0000-7000-8000-0000000000c2', user_id, 'new at MAS', now(), 2 FROM users WHERE username = 'bob'`,
        )),
    })
    expect(told(outcomes)['alice']).toContain('account: 1 theirs; password: 1 update')
    expect(await stage.inMas(`SELECT can_request_admin FROM users WHERE username = 'alice'`)).toEqual([
      { can_request_admin: false },
    ])
  })

  test('a row that is being changed is waited for, and then theirs', async () => {
    await stage.merge()
    await stage.inSynapse(`UPDATE devices SET display_name = 'renamed'`)
    const mas = await postgres.superuser(stage.masDatabase)
    await mas.query('BEGIN')
    await mas.query(`UPDATE compat_sessions SET finished_at = now() WHERE device_id = 'LAPTOP'`)
    const merging = stage.merge()
    await untilWeWait(postgres, stage.masDatabase)
    await mas.query('COMMIT')
    await mas.end()
    expect(told(await merging)['alice']).toContain('session: 1 update, 1 unchanged, 1 theirs')
  })

  test('what somebody begins to refer to between plan and apply is not removed', async () => {
    await stage.merge()
    await stage.inSynapse(`DELETE FROM user_threepids WHERE medium = 'email'`)
    const outcomes = await stage.merge({
      meanwhile: async () =>
        void (await stage.inMas(
          `INSERT INTO user_recovery_sessions (user_recovery_session_id, email, user_agent, locale, created_at)
           VALUES ('01900000-0000-7000-8000-0000000000c3', 'x', 'x', 'en', now())`,
          `INSERT INTO user_recovery_tickets (user_recovery_ticket_id, user_recovery_session_id, user_email_id, ticket, created_at, expires_at)
           SELECT '01900000-0000-7000-8000-0000000000c4', '01900000-0000-7000-8000-0000000000c3', user_email_id, 't', now(), now() FROM user_emails`,
        )),
    })
    expect(told(outcomes)['alice']).toContain('threepid: 1 unchanged, 1 theirs')
    expect(await stage.inMas('SELECT count(*)::int AS count FROM user_recovery_tickets')).toEqual([{ count: 1 }])
  })

  test('people whom nobody migrates are not waited for', async () => {
    await masUser(stage, 'other', 1)
    const mas = await postgres.superuser(stage.masDatabase)
    await mas.query('BEGIN')
    await mas.query(`UPDATE users SET locked_at = now() WHERE username = 'other'`)
    await mas.query(masEmail('01900000-0000-7000-8000-000000000001', 'other@example.com', 5))
    expect(told(await stage.merge())['alice']).toMatch(/^created/)
    await mas.query('COMMIT')
    await mas.end()
  })

  test('a run that is stopped while it waits ends, and leaves the batch as it was', async () => {
    const mas = await postgres.superuser(stage.masDatabase)
    await mas.query('BEGIN')
    await mas.query(
      `INSERT INTO users (user_id, username, created_at) VALUES ('01900000-0000-7000-8000-0000000000c1', 'alice', now())`,
    )
    const stop = new AbortController()
    const merging = stage.merge({ signal: stop.signal })
    const ended = merging.catch((error: unknown) => error)
    await untilWeWait(postgres, stage.masDatabase)
    stop.abort()
    expect(await ended).toMatchObject({ code: 'run.interrupted' })
    await mas.query('ROLLBACK')
    await mas.end()
    expect(await stage.inMas('SELECT * FROM users')).toEqual([])
    expect(told(await stage.merge())['alice']).toMatch(/^created/)
  })
})
