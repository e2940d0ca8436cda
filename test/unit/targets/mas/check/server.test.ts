import { describe, expect, test } from 'vitest'
import type { ServerHealth } from '../../../../../src/postgres/server-health.ts'
import { checkMas } from '../../../../../src/targets/mas/check-mas.ts'
import { soundCheck } from '../../../../support/sound-mas.ts'

const sound: ServerHealth = {
  writesOff: false,
  connectionsLeft: 4,
  collation: undefined,
  waitsForStandby: undefined,
  follower: undefined,
}

const found = (health: Partial<ServerHealth>) =>
  checkMas({ ...soundCheck, server: { health: { ...sound, ...health }, connections: 4 } })

describe("MAS's server", () => {
  test('is sound with just as many connections left as the run opens', () => {
    expect(found({})).toEqual(checkMas(soundCheck))
  })

  test.each([
    ['MAS_WRITES_OFF', { writesOff: true }, /read_only is on for the role mas/, /ALTER ROLE "mas" RESET/, undefined],
    ['MAS_CONNECTIONS', { connectionsLeft: 1 }, /1 connection left; the run opens 4 more/, /--concurrency 1/, 3],
    // Sessions that the server keeps for its superusers are no connections of ours.
    ['MAS_CONNECTIONS', { connectionsLeft: -2 }, /0 connections left; the run opens 4 more/, /CONNECTION LIMIT/, 4],
    [
      'MAS_WAITS_FOR_STANDBY',
      { waitsForStandby: 'FIRST 1 (s1)' },
      /is FIRST 1 \(s1\)\), and none/,
      /synchronous_standby_names = ''/,
      undefined,
    ],
  ] as const)('%s, an error: %o', (code, health, says, remedy, count) => {
    const [finding, ...others] = found(health)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ code, severity: 'error', ...(count === undefined ? {} : { count }) })
    expect(finding?.message).toMatch(says)
    expect(finding?.remedy.join('\n')).toMatch(remedy)
  })

  test('MAS_COLLATION, a warning: names could be there twice', () => {
    expect(found({ collation: { made: '2.31', now: '2.36' } })).toMatchObject([
      { code: 'MAS_COLLATION', severity: 'warning', remedy: ['REINDEX DATABASE "mas";', expect.any(String)] },
    ])
  })

  test('MAS_ROW_SECURITY, an error: tables of which a policy hides rows', () => {
    const { tables } = soundCheck.inspection
    const inspection = {
      ...soundCheck.inspection,
      tables: tables.map((table) => (table.name === 'user_emails' ? { ...table, filtered: true } : table)),
    }
    expect(checkMas({ ...soundCheck, inspection })).toMatchObject([
      {
        code: 'MAS_ROW_SECURITY',
        severity: 'error',
        samples: ['user_emails'],
        remedy: ['ALTER ROLE "mas" BYPASSRLS;', expect.any(String)],
      },
    ])
  })
})
