import { describe, expect, it } from 'vitest'
import { PROVING, type RunRecord } from '../../../../../src/targets/mas/load/journal.ts'
import { decidingRuns, toHistory } from '../../../../../src/targets/mas/road/history.ts'

let runNumber = 0

const run = (runId: string, more: Partial<RunRecord> = {}): RunRecord => ({
  runId,
  runNumber: runNumber++,
  kind: 'online',
  state: 'done',
  asOf: 0,
  identifierMethod: 'fast',
  seedFingerprint: '',
  mappingSha256: 'a',
  serverName: 'example.org',
  homeSchema: 'public',
  masMigrations: [],
  activity: '',
  ...more,
})

const PART = { part: { cohort: 'pilot' } }

const namesOf = (runs: readonly RunRecord[]): readonly string[] => decidingRuns(runs).map(({ runId }) => runId)

describe('a copy', () => {
  const ASIDE = { aside: true, filled: false }

  it('is partial until a run of everybody has ended in it', () => {
    expect(toHistory([run('b', PART), run('a', { part: {} })], ASIDE).partial).toBe(true)
    expect(toHistory([run('b', { state: 'open' }), run('a', PART)], ASIDE).partial).toBe(true)
    expect(toHistory([run('b'), run('a', PART)], ASIDE).partial).toBeUndefined()
  })

  it('is unproved by the newest run that was found wrong or did not end its comparison', () => {
    const proving = { ...PART, activity: PROVING }
    const left = [run('d'), run('c', { ...proving, state: 'undone' }), run('b', { ...proving, state: 'open' })]
    expect(toHistory([...left, run('a', proving)], ASIDE).unproved?.runId).toBe('b')
    expect(toHistory([run('b'), run('a', PART)], ASIDE).unproved).toBeUndefined()
  })

  it('stands by all runs of which something may be left, those among them that others went on from', () => {
    const runs = [run('d'), run('c', { state: 'undone' }), run('b', { state: 'open' }), run('a')]
    expect(toHistory(runs, ASIDE).standing).toEqual(['d', 'b', 'a'])
  })
})

describe('the runs by which accounts on record may have been decided', () => {
  it.each([
    ['the last whole one that ended', [run('c'), run('b'), run('a')], ['c']],
    ['and those after it that looked at a part', [run('c', PART), run('b', { part: {} }), run('a')], ['c', 'b', 'a']],
    ['and those that did not end', [run('c', { state: 'open' }), run('b'), run('a')], ['c', 'b']],
    ['none of those taken back', [run('c', { state: 'undone' }), run('b', PART), run('a', { state: 'undone' })], ['b']],
    ['all, where each looked at a part', [run('c', PART), run('b', PART)], ['c', 'b']],
  ])('are %s', (_, runs, names) => {
    expect(namesOf(runs)).toEqual(names)
  })

  it('have one mapping, or none that could be named', () => {
    const found = { aside: true, filled: true }
    const other = { mappingSha256: 'b' }
    expect(toHistory([run('b', PART), run('a')], found).mappingSha256).toBe('a')
    expect(toHistory([run('b', { ...PART, ...other }), run('a')], found).mappingSha256).toBeUndefined()
    expect(toHistory([run('c', other), run('b', PART), run('a')], found).mappingSha256).toBe('b')
  })

  it('name the cohort of the one that did not end', () => {
    const found = { aside: true, filled: true }
    expect(toHistory([run('b', { ...PART, state: 'open' }), run('a')], found).unfinished).toMatchObject({
      runId: 'b',
      left: 'open',
      cohort: 'pilot',
    })
  })
})
