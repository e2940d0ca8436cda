import { describe, expect, it } from 'vitest'
import { type Asked, chooseRoad } from '../../../src/migration/choose-road.ts'
import type { RoadHistory, RoadState, UnfinishedRun } from '../../../src/targets/road-history.ts'

const history = (state: RoadState, more: Partial<RoadHistory> = {}): RoadHistory => ({
  state,
  runs: [],
  standing: [],
  final: false,
  ...more,
})

const asked = (more: Partial<Asked> = {}): Asked => ({ mode: 'migrate', resume: false, ...more })

const UNFINISHED: UnfinishedRun = { runId: 'run', asOf: 0, kind: 'online', left: 'open', cohort: 'pilot' }

describe('the road of a part of the accounts', () => {
  it.each([
    ['a cohort', { cohort: 'pilot' }, { cohort: 'pilot' }],
    ['the first few', { limit: 10 }, {}],
    ['the first few of a cohort', { cohort: 'pilot', limit: 10 }, { cohort: 'pilot' }],
  ])('of %s leads aside, as long as nobody uses the target', (_, given, part) => {
    for (const mode of ['migrate', 'online'] as const) {
      expect(chooseRoad(history('empty'), asked({ mode, ...given }))).toEqual({ kind: 'online', road: 'load', part })
      expect(chooseRoad(history('online'), asked({ mode, ...given }))).toEqual({ kind: 'online', road: 'copy', part })
    }
  })

  it('leads beside the people that the target has', () => {
    for (const state of ['people', 'migrated'] as const) {
      expect(chooseRoad(history(state), asked({ cohort: 'pilot' }))).toEqual({
        kind: 'merge',
        road: 'merge',
        part: { cohort: 'pilot' },
      })
    }
  })

  it('never leads to the end', () => {
    for (const given of [{ cohort: 'pilot' }, { limit: 10 }]) {
      expect(() => chooseRoad(history('online'), asked({ mode: 'final', ...given }))).toThrow(
        expect.objectContaining({ code: 'usage' }),
      )
    }
  })

  it('is that of the unfinished run, where this is gone on with', () => {
    const left = history('online', { unfinished: UNFINISHED })
    for (const given of [{}, { cohort: 'pilot' }]) {
      expect(chooseRoad(left, asked({ resume: true, ...given }))).toMatchObject({
        kind: 'online',
        part: { cohort: 'pilot' },
        resumes: UNFINISHED,
      })
    }
    expect(() => chooseRoad(left, asked({ resume: true, cohort: 'company' }))).toThrow(
      expect.objectContaining({ code: 'usage' }),
    )
  })
})

describe('the end of a copy', () => {
  const cohort = (name: string, begun: boolean, members = 5) => ({
    name,
    members,
    begun,
    recorded: begun ? members : 0,
  })

  it('waits for every cohort that has members', () => {
    const cohorts = [
      cohort('admins', true),
      cohort('pilot', false, 1),
      cohort('empty', false, 0),
      cohort('rest', false),
    ]
    expect(() => chooseRoad(history('online', { cohorts }), asked({ mode: 'final' }))).toThrow(
      expect.objectContaining({
        code: 'run.cohorts-missing',
        problems: [
          { message: 'pilot: 1 account', remedy: 'syn2op migrate --cohort pilot' },
          { message: 'rest: 5 accounts', remedy: 'syn2op migrate --cohort rest' },
        ],
      }),
    )
  })

  it('waits for a first stage that ended before it was on record who is in which cohort', () => {
    const left = history('online', { unfinished: UNFINISHED })
    expect(() => chooseRoad(left, asked({ mode: 'final' }))).toThrow(
      expect.objectContaining({ code: 'run.cohorts-missing' }),
    )
  })

  it.each([
    ['every cohort is begun', [cohort('admins', true), cohort('rest', true)]],
    ['those that are not have no members', [cohort('admins', true), cohort('rest', false, 0)]],
    ['there are none', undefined],
  ])('comes once %s', (_, cohorts) => {
    const seen = history('online', cohorts === undefined ? {} : { cohorts })
    expect(chooseRoad(seen, asked({ mode: 'final' }))).toEqual({ kind: 'final', road: 'copy' })
  })
})

describe('a load that died before its rows were on record', () => {
  const load = { runId: 'load', asOf: 5 }

  it('is completed by its own as-of time, by the next run as by one that resumes', () => {
    for (const resume of [false, true]) {
      expect(chooseRoad(history('migrated', { unrecorded: load }), asked({ resume }))).toEqual({
        kind: 'merge',
        road: 'merge',
        completes: load,
      })
    }
  })
})
