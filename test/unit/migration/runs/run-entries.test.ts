import { describe, expect, it } from 'vitest'
import type { StoredRun } from '../../../../src/migration/runs/read-run.ts'
import { type JournalRuns, runEntries } from '../../../../src/migration/runs/run-entries.ts'
import { isRunId } from '../../../../src/migration/runs/run-folder.ts'
import type { RollbackDocument } from '../../../../src/report/rollback-document.ts'
import type { RunEvent, RunKind } from '../../../../src/report/run-record.ts'
import { planDocument, runDocument } from '../../../support/documents.ts'
import { emptiedDocument } from '../../../support/rollback-documents.ts'

const FIRST = '20261121-010000-aaaa'
const SECOND = '20261121-020000-bbbb'
const THIRD = '20261121-030000-cccc'

const started = (runId: string, kind: RunKind, resumes?: string): RunEvent => ({
  at: '2026-11-21T01:00:00.000Z',
  event: 'started',
  runId,
  kind,
  syn2op: '0.1.0',
  command: ['syn2op', 'migrate'],
  host: 'night',
  pid: 7,
  ...(resumes === undefined ? {} : { resumes }),
})
const at = '2026-11-21T01:00:08.000Z'
const finished: RunEvent = { at, event: 'finished', milliseconds: 8000 }
const failed = (code: string): RunEvent => ({ at, event: 'failed', code, message: 'It failed' })
const batch: RunEvent = {
  at,
  event: 'batch',
  ordinal: 0,
  accounts: { created: 1, updated: 0, unchanged: 0, removed: 0, heldBack: 0, rejected: 0, notAttempted: 0 },
}

const stored = (runId: string, ...events: readonly RunEvent[]): StoredRun => ({ runId, events, plan: planDocument })

const states = (
  runs: readonly StoredRun[],
  { journal, alive = false }: { readonly journal?: JournalRuns; readonly alive?: boolean } = {},
) => Object.fromEntries(runEntries(runs, journal, () => alive).map(({ runId, state }) => [runId, state]))

describe('how a run ended', () => {
  it.each([
    ['with its report', [started(FIRST, 'load'), finished], 'done'],
    ['with an error', [started(FIRST, 'load'), failed('database.failed')], 'failed'],
    ['stopped while it filled an empty target', [started(FIRST, 'load'), failed('run.interrupted')], 'taken back'],
    ['killed', [started(FIRST, 'load')], 'unfinished'],
    ['stopped between batches', [started(FIRST, 'merge'), batch, failed('run.interrupted')], 'unfinished'],
    [
      'with an error after a batch was committed',
      [started(FIRST, 'merge'), batch, failed('database.failed')],
      'unfinished',
    ],
    ['with an error before any batch', [started(FIRST, 'merge'), failed('database.failed')], 'failed'],
  ] as const)('%s', (_how, events, state) => {
    expect(states([stored(FIRST, ...events)])).toEqual({ [FIRST]: state })
  })

  describe('by a rollback', () => {
    const { runId: _, ...planned } = { ...emptiedDocument, of: { kind: 'run', name: FIRST } as const, runs: [FIRST] }
    const back = (rollback: RollbackDocument, ...events: readonly RunEvent[]): StoredRun => ({
      runId: SECOND,
      events: [started(SECOND, 'rollback'), ...events],
      rollback,
    })
    const first = stored(FIRST, started(FIRST, 'load'), finished)

    it('whole: it is taken back', () => {
      const done = back({ ...planned, runId: SECOND }, finished)
      expect(states([done, first])).toEqual({ [SECOND]: 'done', [FIRST]: 'taken back' })
    })

    it('but for accounts that people use: it stands', () => {
      const done = back({ ...planned, runId: SECOND, used: 1 }, finished)
      expect(states([done, first])).toEqual({ [SECOND]: 'done', [FIRST]: 'done' })
      expect(states([done, first], { journal: { runs: [], takenBack: [FIRST] } })).toMatchObject({
        [FIRST]: 'taken back',
      })
    })

    it('that died before it could say so: there is no rest', () => {
      const died = back(planned, batch)
      expect(states([died, first], { journal: { runs: [], takenBack: [FIRST] } })).toEqual({
        [SECOND]: 'done',
        [FIRST]: 'taken back',
      })
    })

    it('is named by what it takes back, whatever was typed', () => {
      const [entry] = runEntries([back(planned, failed('run.interrupted'))], undefined)
      expect(entry?.takesBack).toBe(FIRST)
    })

    it('that did not end: the rest is left to do, until the same command did it', () => {
      const stopped = back(planned, failed('run.interrupted'))
      expect(states([stopped, first])).toEqual({ [SECOND]: 'unfinished', [FIRST]: 'done' })
      const third = { ...back({ ...planned, runId: THIRD }, finished), runId: THIRD }
      expect(states([third, stopped, first])).toEqual({ [THIRD]: 'done', [SECOND]: 'resumed', [FIRST]: 'taken back' })
    })

    it('that did not end: a run of other accounts does not make up for it, one that looks at the same does', () => {
      const took = { ...planned, of: { kind: 'cohort', name: 'pilot' } as const, runs: [] }
      const stopped = back(took, batch, failed('run.interrupted'))
      const run = (about: { readonly cohort?: string; readonly limit?: number }, ...events: readonly RunEvent[]) =>
        stored(THIRD, { ...started(THIRD, 'online'), ...about }, batch, ...events)
      const stateAfter = (later: StoredRun) => states([later, stopped])[SECOND]
      expect(stateAfter(run({ cohort: 'others' }, finished))).toBe('unfinished')
      expect(stateAfter(run({ limit: 5 }, finished))).toBe('unfinished')
      expect(stateAfter(run({}, { ...finished, endedEarly: 'stopped' }))).toBe('unfinished')
      expect(stateAfter(run({}))).toBe('unfinished')
      expect(stateAfter(run({ cohort: 'pilot' }, finished))).toBe('resumed')
      expect(stateAfter(run({}, finished))).toBe('resumed')
    })
  })

  it('has not yet, while its process lives', () => {
    expect(states([stored(FIRST, started(FIRST, 'merge'), batch)], { alive: true })).toEqual({ [FIRST]: 'running' })
    expect(states([stored(FIRST, started(FIRST, 'merge'), finished)], { alive: true })).toEqual({ [FIRST]: 'done' })
  })

  it('a later run took back a load that was killed, or went on with a merge', () => {
    const later = stored(SECOND, started(SECOND, 'load'), finished)
    expect(states([stored(FIRST, started(FIRST, 'load')), later])[FIRST]).toBe('taken back')
    const resumed = stored(SECOND, started(SECOND, 'merge', FIRST), finished)
    expect(states([stored(FIRST, started(FIRST, 'merge'), batch), resumed])[FIRST]).toBe('resumed')
  })

  it('a run that is resumed under its own name is judged by its last attempt', () => {
    const twice = [started(FIRST, 'merge'), batch, failed('database.failed'), started(FIRST, 'merge', FIRST)]
    expect(states([stored(FIRST, ...twice)])).toEqual({ [FIRST]: 'unfinished' })
    const [entry] = runEntries([stored(FIRST, ...twice, finished)], undefined, () => false)
    expect(entry).toMatchObject({ state: 'done', milliseconds: 8000 })
    expect(entry).not.toHaveProperty('error')
  })

  it('a later run went on from what a killed one had committed', () => {
    const killed = stored(FIRST, started(FIRST, 'online'), batch)
    expect(states([killed, stored(SECOND, started(SECOND, 'online'), finished)])[FIRST]).toBe('resumed')
    expect(states([killed, stored(SECOND, started(SECOND, 'online'), failed('target.locked'))])[FIRST]).toBe(
      'unfinished',
    )
  })

  describe('is settled only by later runs of the same homeserver into the same target', () => {
    const elsewhere = (run: StoredRun): StoredRun => ({
      ...run,
      plan: { ...planDocument, target: { ...planDocument.target, location: 'mas@db.example.org:5432/rehearsal' } },
    })
    it.each([
      ['a load that was killed', [started(FIRST, 'load')], started(SECOND, 'load'), 'taken back'],
      ['a merge that was killed', [started(FIRST, 'merge'), batch], started(SECOND, 'merge'), 'resumed'],
    ] as const)('%s', (_what, events, begun, settled) => {
      const killed = stored(FIRST, ...events)
      const later = stored(SECOND, begun, finished)
      expect(states([killed, later])[FIRST]).toBe(settled)
      expect(states([killed, elsewhere(later)])[FIRST]).toBe('unfinished')
      const ofOthers = { ...later, plan: { ...planDocument, serverName: 'other.example' } }
      expect(states([killed, ofOthers])[FIRST]).toBe('unfinished')
    })
  })

  it('before anything was written, as far as its record says', () => {
    const phase = (name: string): RunEvent => ({ at, event: 'phase', phase: name })
    const nothing = (events: readonly RunEvent[], journal?: JournalRuns) =>
      runEntries([stored(FIRST, ...events)], journal, () => false)[0]?.nothingWritten === true
    for (const died of [[], [phase('decide')], [phase('begin')]]) {
      expect(nothing([started(FIRST, 'merge'), ...died])).toBe(true)
      expect(nothing([started(FIRST, 'merge'), ...died, failed('run.interrupted')])).toBe(true)
    }
    expect(nothing([started(FIRST, 'merge'), phase('decide'), phase('apply')])).toBe(false)
    expect(nothing([started(FIRST, 'online'), phase('begin'), phase('find changes')])).toBe(false)
    // What the run had written with which it goes on stands.
    expect(nothing([started(SECOND, 'merge', FIRST), phase('decide')])).toBe(false)
    // The target knows better: it was entered.
    const open: JournalRuns = { runs: [], unfinished: { runId: FIRST, asOf: 0, kind: 'merge', left: 'open' } }
    expect(nothing([started(FIRST, 'merge'), phase('begin')], open)).toBe(false)
    expect(nothing([started(FIRST, 'rollback')])).toBe(false)
  })

  it('a final run that refused to end waits to be gone on with', () => {
    const refused = { ...stored(FIRST, started(FIRST, 'merge'), finished), report: { ...runDocument, refused: ['no'] } }
    expect(states([refused])).toEqual({ [FIRST]: 'unfinished' })
  })

  it('before its rows, which stand, were on record: the journal says so', () => {
    const journal: JournalRuns = { runs: [{ runId: FIRST, asOf: 0 }], unrecorded: { runId: FIRST, asOf: 0 } }
    const wanted = { runId: FIRST, state: 'unfinished', unrecorded: true }
    const folder = stored(FIRST, started(FIRST, 'load'))
    expect(runEntries([folder], journal, () => false)).toMatchObject([wanted])
    expect(runEntries([], journal, () => false)).toMatchObject([wanted])
    expect(runEntries([folder], journal, () => true)[0]).not.toHaveProperty('unrecorded')
  })

  it('the journal at the target knows better than a folder', () => {
    const killed = stored(FIRST, started(FIRST, 'merge'), batch)
    const done: JournalRuns = { runs: [{ runId: FIRST, asOf: 0 }] }
    const open: JournalRuns = { runs: [], unfinished: { runId: FIRST, asOf: 0, kind: 'merge', left: 'open' } }
    const undone: JournalRuns = { runs: [], unfinished: { runId: FIRST, asOf: 0, kind: 'load', left: 'taken back' } }
    expect(states([killed], { journal: done })).toEqual({ [FIRST]: 'done' })
    expect(states([killed], { journal: open })).toEqual({ [FIRST]: 'unfinished' })
    expect(states([killed], { journal: undone })).toEqual({ [FIRST]: 'taken back' })
  })
})

describe('a list of runs', () => {
  it('has the newest first, and those that only the journal knows', () => {
    const entries = runEntries(
      [stored(SECOND, started(SECOND, 'load'), finished)],
      {
        runs: [
          { runId: SECOND, asOf: 0 },
          { runId: FIRST, asOf: 0 },
        ],
      },
      () => false,
    )
    expect(entries).toEqual([
      {
        runId: SECOND,
        state: 'done',
        kind: 'load',
        startedAt: '2026-11-21T01:00:00.000Z',
        milliseconds: 8000,
        command: ['syn2op', 'migrate'],
        serverName: 'example.org',
        target: 'MAS at mas@db.example.org:5432/mas',
        accounts: 43_993,
        record: 'both',
      },
      { runId: FIRST, state: 'done', record: 'journal' },
    ])
  })

  it('takes only what can be the folder of a run for one', () => {
    expect(isRunId(FIRST)).toBe(true)
    for (const other of ['rehearsal', '..', '../../etc', `${FIRST}/..`, '']) expect(isRunId(other)).toBe(false)
  })
})

describe('a run that is at work', () => {
  const now = Date.parse('2026-11-21T01:07:00.000Z')
  const entries = (...events: readonly RunEvent[]) => runEntries([stored(FIRST, ...events)], undefined, () => true, now)

  it('has worked until now, and tells how many it has done, and by which process', () => {
    expect(entries(started(FIRST, 'merge'), batch, batch)[0]).toMatchObject({
      state: 'running',
      milliseconds: 7 * 60_000,
      done: 2,
      process: { pid: 7, host: 'night' },
    })
  })

  it('does not count what the run had done that it goes on with', () => {
    expect(entries(started(FIRST, 'merge', SECOND), batch)[0]).not.toHaveProperty('done')
  })

  it('is over once it has ended: what it took stays as it was', () => {
    const [entry] = entries(started(FIRST, 'merge'), batch, finished)
    expect(entry).toMatchObject({ state: 'done', milliseconds: 8000 })
    expect(entry).not.toHaveProperty('process')
  })
})
