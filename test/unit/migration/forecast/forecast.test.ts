import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { forecast as foretell } from '../../../../src/migration/forecast/forecast.ts'
import { CHANGES_MODEL, forecastChanges } from '../../../../src/migration/forecast/forecast-changes.ts'
import { forecastLoad, LOAD_MODEL } from '../../../../src/migration/forecast/forecast-load.ts'
import { phaseTimes } from '../../../../src/migration/forecast/phase-times.ts'
import type { Prepared } from '../../../../src/migration/prepare.ts'
import { forecastSentence } from '../../../../src/report/forecast-words.ts'
import { silentProgress } from '../../../../src/targets/progress.ts'
import type { TableProbe } from '../../../../src/targets/road-probe.ts'
import type { SqlRoad } from '../../../../src/targets/sql-road.ts'

const sessions: TableProbe = {
  table: 'compat_sessions',
  relation: 'session',
  rows: 20_000,
  bytes: 2_000_000,
  isWhole: false,
  startup: 1_000,
  copy: 100,
  builds: [40, 60],
}
const users: TableProbe = { ...sessions, table: 'users', relation: 'account', startup: 0 }

const carried = (relation: 'account' | 'session', count: number) => ({
  relation,
  read: count,
  carried: count,
  left: [],
})
const load = (tables: readonly TableProbe[], { rows, lanes = 1 }: { rows: number; lanes?: number }) =>
  forecastLoad({
    probe: { tables, lanes, milliseconds: 1 },
    prepare: 5,
    relations: [carried('account', rows), carried('session', rows)],
  })
const phase = (forecast: ReturnType<typeof load>, name: string): number =>
  forecast.phases.find((one) => one.phase === name)?.seconds ?? Number.NaN

describe('the forecast of a load', () => {
  it('takes the time before the first row once, that of each row as often as there are rows', () => {
    const forecast = load([sessions], { rows: 2_000_000 })
    // 1 s, and 100 times the 0.1 s of a hundredth of the rows.
    expect(phase(forecast, 'copy')).toBeCloseTo(11 * LOAD_MODEL.crowded, 1)
    expect(phase(forecast, 'prepare')).toBe(5)
  })

  it('takes an index of a hundred times the rows for more than a hundred times the work: rows are sorted', () => {
    const built = phase(load([sessions], { rows: 2_000_000 }), 'keys and indexes')
    expect(built).toBeGreaterThan(10 * LOAD_MODEL.crowded)
    expect(built).toBeLessThan(16 * LOAD_MODEL.crowded)
  })

  it('has tables beside each other where so many are copied at once', () => {
    const one = load([sessions, users], { rows: 1_000_000 })
    const two = load([sessions, users], { rows: 1_000_000, lanes: 2 })
    expect(phase(two, 'copy')).toBeLessThan(phase(one, 'copy') * 0.6)
  })

  it('does not count on rows that a table does not have', () => {
    const whole = { ...sessions, rows: 50, isWhole: true }
    expect(load([whole], { rows: 5_000_000 })).toEqual(load([whole], { rows: 50 }))
  })

  it('ends nobody’s wait with the record, which is made while the target is in use', () => {
    const forecast = load([sessions], { rows: 500_000 })
    expect(forecast.downtimeSeconds).toBeCloseTo(forecast.seconds - phase(forecast, 'record'), 5)
  })

  it('tells what was measured: rows a second', () => {
    expect(load([sessions], { rows: 500_000 }).measured).toEqual([
      { what: 'compat_sessions: read there and written here', rowsPerSecond: 200_000 },
      { what: 'compat_sessions: keys and indexes', rowsPerSecond: 200_000 },
    ])
  })

  it('is the sum of its phases, and never shorter for more rows', () => {
    const rows = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 4 }), (some, more, lanes) => {
        const forecast = load([sessions, users], { rows: some, lanes })
        const sum = forecast.phases.reduce((all, one) => all + one.seconds, 0)
        expect(forecast.seconds).toBeCloseTo(sum, 5)
        expect(load([sessions, users], { rows: some + more, lanes }).seconds).toBeGreaterThanOrEqual(forecast.seconds)
      }),
    )
  })
})

describe('the forecast of bringing up to date', () => {
  const seen = { accounts: 1_000, prepare: 30, find: 4, compare: 10, isCounted: false } as const

  it('of a copy: what changed is found, written and proved while nobody can log in; nothing is counted', () => {
    const forecast = forecastChanges({ road: 'copy', ...seen })
    expect(forecast.phases.map((one) => one.phase)).toEqual(['prepare', 'find changes', 'write', 'prove'])
    expect(forecast.phases[0]?.seconds).toBe(CHANGES_MODEL.fixed)
    expect(forecast.downtimeSeconds).toBe(forecast.seconds)
    expect(forecast.measured).toEqual([{ what: 'accounts compared', rowsPerSecond: 100 }])
  })

  it('of a copy whose end is bound to the plan: everything is counted while nobody can log in', () => {
    const forecast = forecastChanges({ road: 'copy', ...seen, isCounted: true })
    expect(forecast.phases[0]).toEqual({ phase: 'prepare', seconds: 30 })
    expect(forecast.downtimeSeconds).toBe(forecast.seconds)
  })

  it('of a cohort in a copy: everybody logs in meanwhile', () => {
    expect(forecastChanges({ road: 'copy', ...seen, cohort: 'pilot' })).toMatchObject({ downtimeSeconds: 0 })
  })

  it('beside people: they log in meanwhile', () => {
    const forecast = forecastChanges({ road: 'merge', ...seen, isCounted: true })
    expect(forecast.phases[0]?.seconds).toBe(30)
    expect(forecast.downtimeSeconds).toBe(0)
    expect(forecastSentence(forecast)).toBe(
      'About 50 s; people of the target can log in meanwhile, those of a stopped Synapse cannot.',
    )
  })

  it('where nothing changed there is no rate', () => {
    expect(forecastChanges({ road: 'copy', ...seen, accounts: 0, compare: 0 }).measured).toEqual([])
  })
})

describe('a plan', () => {
  const times = { prepare: 1 }
  const prepared = (probeLoad: SqlRoad['probeLoad']) =>
    ({ target: { sql: { probeLoad } }, road: { road: 'load' }, readers: [], relations: [] }) as unknown as Prepared
  const asked = async (probeLoad: SqlRoad['probeLoad']) => {
    const notes: string[] = []
    const progress = { ...silentProgress, note: (text: string) => notes.push(text) }
    const { signal } = new AbortController()
    return { forecast: await foretell({ progress, signal }, prepared(probeLoad), times), notes }
  }

  it('goes without a forecast, and says why, where nothing may be tried or what is tried fails', async () => {
    const refused = await asked(async () => undefined)
    expect(refused.forecast).toBeUndefined()
    expect(refused.notes.join()).toContain('GRANT TEMPORARY')
    const failed = await asked(async () => {
      throw new Syn2opError('database.failed', 'The disk is full')
    })
    expect(failed).toEqual({ forecast: undefined, notes: ['There is no forecast: The disk is full'] })
  })

  it('tries more rows of a large homeserver, so that a moment of other work weighs less', async () => {
    const tried: number[] = []
    const probeLoad: SqlRoad['probeLoad'] = async ({ rows }) => {
      tried.push(rows)
      return undefined
    }
    const { signal } = new AbortController()
    for (const count of [0, 10_000, 2_000_000]) {
      const looked = { ...prepared(probeLoad), relations: [carried('account', 5), carried('session', count)] }
      await foretell({ progress: silentProgress, signal }, looked, times)
    }
    expect(tried).toEqual([20_000, 20_000, 100_000])
  })

  it('foretells nothing of a cohort at an empty target, which is no load and keeps nobody from logging in', async () => {
    const notes: string[] = []
    const progress = { ...silentProgress, note: (text: string) => notes.push(text) }
    const { signal } = new AbortController()
    const looked = { ...prepared(async () => ({ tables: [sessions], lanes: 1, milliseconds: 1 })), cohort: 'pilot' }
    expect(await foretell({ progress, signal }, looked, times)).toBeUndefined()
    expect(notes.join()).toContain('a cohort is copied batch by batch')
  })

  it('charges the end of a copy with counting where it is for a run that is bound to it', async () => {
    const { signal } = new AbortController()
    const road = { kind: 'online', road: 'copy' } as const
    const seen = { prepare: 30, find: 1, compare: 1, candidates: 1 }
    const looked = { ...prepared(undefined), road }
    const request = { progress: silentProgress, signal }
    const prepare = async (decided?: 'of every account') =>
      (await foretell({ ...request, ...(decided === undefined ? {} : { decided }) }, looked, seen))?.phases[0]?.seconds
    expect(await prepare()).toBe(CHANGES_MODEL.fixed)
    expect(await prepare('of every account')).toBe(30)
  })

  it('says nothing of a target that cannot be tried', async () => {
    expect(await asked(undefined)).toEqual({ forecast: undefined, notes: [] })
  })
})

describe('the time of a phase', () => {
  it('lasts until the next one begins, or until it is asked for', () => {
    let clock = 0
    const told: string[] = []
    const { progress, secondsOf } = phaseTimes({ ...silentProgress, phase: (name) => told.push(name) }, () => clock)
    progress.phase('find changes')
    clock = 4_000
    progress.phase('compare')
    clock = 5_500
    expect([secondsOf('find changes'), secondsOf('compare'), secondsOf('copy')]).toEqual([4, 1.5, undefined])
    expect(told).toEqual(['find changes', 'compare'])
  })
})
