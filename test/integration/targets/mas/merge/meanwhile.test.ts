import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { device, EVERYTHING, masEmail, masUser, mxid, person } from '../../../../support/merge/people.ts'
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
    await sleep(1500)
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
    await sleep(1500)
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
    const refused = expect(merging).rejects.toMatchObject({ code: 'run.interrupted' })
    await sleep(1500)
    stop.abort()
    await refused
    await mas.query('ROLLBACK')
    await mas.end()
    expect(await stage.inMas('SELECT * FROM users')).toEqual([])
    expect(told(await stage.merge())['alice']).toMatch(/^created/)
  })
})

describe('a row that MAS’s server refuses', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage(postgres, 'merge_refused')
    await stage.inSynapse(
      ...Array.from({ length: 12 }, (_, number) => person(`user${number}`, { devices: ['PHONE'] })).flat(),
    )
  })

  test('by a CHECK: its account is rejected, every other is written', async () => {
    await stage.inMas(
      `ALTER TABLE compat_access_tokens ADD CONSTRAINT no_seven CHECK (access_token <> 'syt_user7_PHONE')`,
    )
    const outcomes = await stage.merge()
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(11)
    const refused = outcomes.filter(({ outcome }) => outcome === 'rejected')
    expect(refused).toEqual([
      {
        mxid: mxid('user7'),
        outcome: 'rejected',
        message: expect.stringMatching(/violates check constraint "no_seven"/),
        rows: [],
      },
    ])
    expect(JSON.stringify(outcomes)).not.toMatch(/syt_|\$2b/)
    await stage.inMas(`ALTER TABLE compat_access_tokens DROP CONSTRAINT no_seven`)
    expect(told(await stage.merge({ only: [mxid('user7')] }))['user7']).toMatch(/^created/)
  })

  test('by a trigger that says the secret: it is not repeated', async () => {
    await stage.inMas(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF new.access_token = 'syt_user7_PHONE' THEN RAISE EXCEPTION 'will not have % today', new.access_token; END IF; RETURN new; END $$`,
      `CREATE TRIGGER refuse BEFORE INSERT ON compat_access_tokens FOR EACH ROW EXECUTE FUNCTION refuse()`,
    )
    const outcomes = await stage.merge()
    expect(told(outcomes)).toMatchObject({ user7: 'rejected', user8: expect.stringMatching(/^created/) })
    expect(outcomes.find(({ outcome }) => outcome === 'rejected')?.message).toBe('will not have … today (P0001)')
    expect(JSON.stringify(outcomes)).not.toContain('syt_')
  })

  test('by a trigger that drops it: nothing is lost in silence', async () => {
    await stage.inMas(
      `CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF new.device_id = 'PHONE' AND EXISTS (SELECT FROM users u WHERE u.user_id = new.user_id AND username = 'user3') THEN RETURN NULL; END IF; RETURN new; END $$`,
      `CREATE TRIGGER swallow BEFORE INSERT ON compat_sessions FOR EACH ROW EXECUTE FUNCTION swallow()`,
    )
    const outcomes = await stage.merge()
    expect(outcomes.filter(({ outcome }) => outcome === 'rejected')).toEqual([
      {
        mxid: mxid('user3'),
        outcome: 'rejected',
        message: 'the server wrote 0 of 1 rows of compat_sessions',
        rows: [],
      },
    ])
    expect(await stage.inMas(`SELECT username FROM users WHERE username = 'user3'`)).toEqual([])
  })

  test('keeps its place in the order of the batch', async () => {
    await stage.inMas(`ALTER TABLE users ADD CONSTRAINT no_two CHECK (username <> 'user2')`)
    const outcomes = await stage.merge()
    expect(outcomes.map(({ mxid }) => mxid)).toEqual(outcomes.map(({ mxid }) => mxid).toSorted())
    expect(new Set(outcomes.map(({ mxid }) => mxid)).size).toBe(12)
  })

  test('because its identifier is taken: it gets another', async () => {
    await stage.merge({ only: [mxid('user0')] })
    const [{ id, user } = {}] = await stage.inMas(
      `SELECT compat_session_id AS id, user_id AS user FROM compat_sessions`,
    )
    await stage.inMas(
      'TRUNCATE users CASCADE',
      'TRUNCATE syn2op.written_row',
      `INSERT INTO users (user_id, username, created_at) VALUES ('01900000-0000-7000-8000-0000000000d1', 'other', now()), ('${user}', 'another', now())`,
      `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at)
       VALUES ('${id}', '01900000-0000-7000-8000-0000000000d1', 'OTHER', now())`,
    )
    const outcomes = await stage.merge()
    expect(outcomes.every(({ outcome }) => outcome === 'created')).toBe(true)
    const [got] = await stage.inMas(`
      SELECT compat_session_id <> '${id}' AS other_session, left(compat_session_id::text, 13) = left('${id}', 13) AS same_time, users.user_id <> '${user}' AS other_user
      FROM compat_sessions JOIN users USING (user_id) WHERE username = 'user0'`)
    expect(got).toEqual({ other_session: true, same_time: true, other_user: true })
    expect(await stage.merge()).toSatisfy((all: typeof outcomes) => all.every(({ outcome }) => outcome === 'unchanged'))
  })
})

describe('the journal', () => {
  test('keeps rows as they were before a merge updated them, and nothing of those that a copy brings up to date', async () => {
    const stage = await setStage(postgres, 'merge_images')
    await stage.inSynapse(...person('alice', { devices: ['PHONE'] }))
    await stage.merge()
    await stage.inSynapse(`UPDATE devices SET display_name = 'renamed'`)
    await stage.merge({ kind: 'online' })
    expect(await stage.inMas('SELECT * FROM syn2op.before_image')).toEqual([])
    await stage.inSynapse(`UPDATE devices SET display_name = 'again'`)
    await stage.merge()
    expect(await stage.inMas(`SELECT image->>'human_name' AS name FROM syn2op.before_image`)).toEqual([
      { name: 'renamed' },
    ])
  })

  test('has each row by the run that created it, and the digest of what was last written', async () => {
    const stage = await setStage(postgres, 'merge_written')
    await stage.inSynapse(...person('alice', { devices: ['PHONE'] }))
    await stage.merge()
    const rows = () =>
      stage.inMas('SELECT table_number, key, digest, run_number FROM syn2op.written_row ORDER BY table_number')
    const before = await rows()
    expect(before.map((row) => [row['table_number'], row['run_number']])).toEqual([
      [0, 1],
      [1, 1],
      [5, 1],
      [6, 1],
    ])
    await stage.inSynapse(`UPDATE devices SET display_name = 'renamed'`, ...device('alice', 'WATCH'))
    await stage.merge()
    const after = await rows()
    expect(after).toHaveLength(6)
    const session = (all: typeof before, run: number) =>
      all.filter((row) => row['table_number'] === 5 && row['run_number'] === run)
    expect(session(after, 1)[0]!['key']).toBe(session(before, 1)[0]!['key'])
    expect(session(after, 1)[0]!['digest']).not.toBe(session(before, 1)[0]!['digest'])
    expect(session(after, 2)).toHaveLength(1)
  })
})
