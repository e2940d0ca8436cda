import { describe, expect, it } from 'vitest'
import { RECORDING, type RunRecord } from '../../../../../src/targets/mas/load/journal.ts'
import { runsCovered } from '../../../../../src/targets/mas/rollback/runs-covered.ts'

type Given = Pick<RunRecord, 'kind'> & Partial<RunRecord>

/** The newest first, by their kinds. */
const runsOf = (...given: readonly Given[]): readonly RunRecord[] =>
  given.map((one, place) => ({
    runId: `${one.kind} ${given.length - place}`,
    runNumber: given.length - place,
    state: 'done',
    asOf: 0,
    identifierMethod: 'fast',
    seedFingerprint: '',
    mappingSha256: '',
    serverName: 'example.org',
    homeSchema: 'public',
    masMigrations: [],
    activity: '',
    ...one,
  }))

const covered = (runs: readonly RunRecord[], runId: string): readonly string[] =>
  runsCovered(runId, runs).map((one) => one.runId)

const notPossible = (message: string, ...next: readonly string[]) =>
  expect.objectContaining({
    code: 'run.not-possible',
    message: expect.stringContaining(message),
    next: next.map((one) => expect.stringContaining(one)),
  })

const [online, final, merge, load] = (['online', 'final', 'merge', 'load'] as const).map((kind) => ({ kind })) as [
  Given,
  Given,
  Given,
  Given,
]
const open = { state: 'open' } as const
const undone = { state: 'undone' } as const

describe('taken back alone', () => {
  it.each([
    ['an online run that is not the first', runsOf(online, online), 'online 2'],
    ['one that did not end', runsOf(online, { ...online, ...open }, online), 'online 2'],
    ['a merge beside people, though it is the only run', runsOf(merge), 'merge 1'],
    ['a merge after a final run', runsOf(merge, final, online), 'merge 3'],
    ['an online run after a final one that did not end', runsOf(online, { ...final, ...open }, online), 'online 3'],
  ])('is %s', (_, runs, runId) => {
    expect(covered(runs, runId)).toEqual([runId])
  })
})

describe('taken back with its whole copy', () => {
  it.each([
    ['the first run of one that stands aside', runsOf(online, online), 'online 1'],
    ['the first that is left', runsOf(online, online, { ...online, ...undone }), 'online 2'],
    ['the first, though a final run did not end', runsOf({ ...final, ...open }, online), 'online 1'],
    ['a final run', runsOf(final, online), 'final 2'],
    ['one that did not end', runsOf({ ...final, ...open }, online), 'final 2'],
  ])('is %s', (_, runs, runId) => {
    const standing = runs.filter(({ state }) => state !== 'undone')
    expect(covered(runs, runId)).toEqual(standing.map((one) => one.runId))
  })

  it('is a load, without what was merged later', () => {
    expect(covered(runsOf(merge, load), 'load 1')).toEqual(['load 1'])
  })
})

describe('refused', () => {
  it('is every online run of a copy that is in its place, the first too', () => {
    const runs = runsOf(merge, final, online, online)
    for (const runId of ['online 1', 'online 2']) {
      expect(() => covered(runs, runId)).toThrow(notPossible('is in its place', 'syn2op rollback final 3', 'a cohort'))
    }
  })

  it('is an online run after which a final one has begun, as long as the copy stands aside', () => {
    const began = [{ ...final, ...open }, online, online] as const
    const next = ['syn2op rollback final 3', 'a cohort']
    expect(() => covered(runsOf(...began), 'online 2')).toThrow(
      notPossible('has not ended', 'syn2op migrate --resume', ...next),
    )
    // Only the newest run can be gone on with.
    expect(() => covered(runsOf(online, ...began), 'online 2')).toThrow(
      notPossible('has not ended', 'syn2op migrate --final', ...next),
    )
    expect(() => covered(runsOf({ ...online, ...undone }, ...began), 'online 2')).toThrow(
      notPossible('has not ended', 'syn2op migrate --final', ...next),
    )
  })

  it('is what was taken back, and what is not on record', () => {
    expect(() => covered(runsOf({ ...online, ...undone }), 'online 1')).toThrow(notPossible('already', 'nothing left'))
    expect(() => covered(runsOf({ ...load, activity: RECORDING }), 'load 1')).toThrow(
      notPossible('is not on record', 'syn2op migrate --resume', 'empty database'),
    )
    expect(() => covered(runsOf(load), 'merge 7')).toThrow(expect.objectContaining({ code: 'run.missing' }))
  })

  it('is everything while the load that filled MAS is not on record', () => {
    const runs = runsOf({ ...merge, ...open }, { ...load, activity: RECORDING })
    expect(() => covered(runs, 'merge 2')).toThrow(notPossible('Which rows run load 1 wrote', '--resume', 'empty'))
    // Nobody asks any more for one before: MAS was emptied and filled again.
    expect(covered(runsOf(load, { ...load, activity: RECORDING }), 'load 2')).toEqual(['load 2'])
  })
})
