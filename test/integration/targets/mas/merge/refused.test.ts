import { beforeEach, describe, expect, test } from 'vitest'
import type { BatchSoFar } from '../../../../../src/targets/target.ts'
import { mxid, person } from '../../../../support/merge/people.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

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

  test('is told with how many of the batch were attempted by then; once that is enough, the rest is left', async () => {
    await stage.inMas(`ALTER TABLE users ADD CONSTRAINT no_some CHECK (username NOT IN ('user2', 'user3', 'user9'))`)
    const asked: BatchSoFar[] = []
    const outcomes = await stage.merge({
      enough: (soFar) => {
        asked.push(soFar)
        return soFar.rejected === 2
      },
    })
    // In the order of the batch: user0, user1, user10, user11, user2, user3, …
    expect(asked.at(-1)).toEqual({ attempted: 6, rejected: 2 })
    expect(asked.map(({ attempted }) => attempted)).toEqual(
      asked.map(({ attempted }) => attempted).toSorted((a, b) => a - b),
    )
    const of = (kind: string) => outcomes.filter(({ outcome }) => outcome === kind).length
    expect([of('created'), of('rejected'), of('not attempted')]).toEqual([4, 2, 6])
  })

  test('keeps its place in the order of the batch', async () => {
    await stage.inMas(`ALTER TABLE users ADD CONSTRAINT no_two CHECK (username <> 'user2')`)
    const outcomes = await stage.merge()
    expect(outcomes.map((outcome) => outcome.mxid)).toEqual(outcomes.map((outcome) => outcome.mxid).toSorted())
    expect(new Set(outcomes.map((outcome) => outcome.mxid)).size).toBe(12)
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
