import { describe, expect, test } from 'vitest'
import type { FollowerState, ServerHealth } from '../../../src/postgres/server-health.ts'
import { checkSourceServer } from '../../../src/synapse/check-server.ts'

const sound: ServerHealth = {
  writesOff: false,
  connectionsLeft: 90,
  collation: undefined,
  waitsForStandby: undefined,
  follower: undefined,
}

const follower: FollowerState = {
  unreplayed: 0,
  paused: false,
  receives: true,
  newest: '2026-11-22T02:59:58Z',
  feedback: true,
  patienceMs: 30_000,
}

const said = (health: Partial<ServerHealth>, run: Parameters<typeof checkSourceServer>[0]['run'] = 'last') =>
  checkSourceServer({ health: { ...sound, ...health }, database: 'synapse', run }).map(
    ({ code, message }) => `${code}: ${message}`,
  )

describe('the server of the source', () => {
  test('is sound, also where it takes no writes or is a replica that has replayed everything', () => {
    expect(said({})).toEqual([])
    expect(said({ writesOff: true, connectionsLeft: 0 })).toEqual([])
    expect(said({ follower })).toEqual([])
  })

  test('is behind where it has more than it has replayed, stands still, or follows nobody', () => {
    const shown = '; the newest transaction that it shows is of 2026-11-22T02:59:58Z'
    expect(said({ follower: { ...follower, unreplayed: 1_234_567 } })).toEqual([
      `SYNAPSE_REPLICA_BEHIND: The source is a replica that has received 1,234,567 bytes of log that it has not replayed${shown}`,
    ])
    expect(said({ follower: { ...follower, paused: true, receives: false } })).toEqual([
      `SYNAPSE_REPLICA_BEHIND: The source is a replica that has its replay paused and receives nothing from its primary now${shown}`,
    ])
    expect(said({ follower: { ...follower, receives: false, newest: undefined } })).toEqual([
      'SYNAPSE_REPLICA_BEHIND: The source is a replica that receives nothing from its primary now',
    ])
  })

  test('may be behind where a later run catches up, or where it was waited for', () => {
    const late = { follower: { ...follower, unreplayed: 10 } }
    expect(said(late, 'catches up')).toEqual([])
    expect(said(late, 'complete')).toEqual([])
  })

  test('ends statements of ours only without feedback and with an end to its patience', () => {
    expect(said({ follower: { ...follower, feedback: false } })).toEqual([
      'SYNAPSE_REPLICA_CANCELS: The replica may end a statement of ours after 30 s: hot_standby_feedback is off and max_standby_streaming_delay is 30 s',
    ])
    expect(said({ follower: { ...follower, feedback: false, patienceMs: -1 } })).toEqual([])
  })

  test('is told to make its indexes again where the system sorts otherwise now', () => {
    const [found] = checkSourceServer({
      health: { ...sound, collation: { made: '2.31', now: '2.36' } },
      database: 'Syn"apse',
      run: 'last',
    })
    expect(found).toMatchObject({ code: 'SYNAPSE_COLLATION', severity: 'notice' })
    expect(found?.remedy).toEqual([
      'REINDEX DATABASE "Syn""apse";',
      'ALTER DATABASE "Syn""apse" REFRESH COLLATION VERSION;',
    ])
  })
})
