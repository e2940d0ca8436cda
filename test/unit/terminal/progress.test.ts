import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Bound } from '../../../src/targets/progress.ts'
import { createTerminalProgress } from '../../../src/terminal/progress.ts'
import { phaseLine, worksLine } from '../../../src/terminal/progress-lines.ts'
import {
  advanceWork,
  boundBy,
  figures,
  type ProgressState,
  startPhase,
  workingOn,
} from '../../../src/terminal/progress-state.ts'
import { textWidth } from '../../../src/terminal/text.ts'

const copying = (steps: readonly { at: number; done: number; total?: number; work?: string }[]): ProgressState =>
  steps.reduce(
    (state, { at, done, total = 100_000, work = 'users' }) => advanceWork(state, { work, done, total }, at),
    startPhase('copy', 0),
  )

describe('what is known of a running phase', () => {
  it('gives rate and time left from the last seconds', () => {
    const now = figures(
      copying([
        { at: 1000, done: 10_000 },
        { at: 2000, done: 20_000 },
      ]),
      2000,
    )
    expect(now).toMatchObject({ done: 20_000, total: 100_000, elapsed: 2000, rate: 10_000, left: 8000 })
  })

  it('promises no end before 1 % is done', () => {
    expect(figures(copying([{ at: 1000, done: 999 }]), 1000)).not.toHaveProperty('left')
    expect(figures(copying([{ at: 1000, done: 1000 }]), 1000)).toHaveProperty('left')
  })

  it('promises no end when a total is unknown', () => {
    const state = copying([
      { at: 1000, done: 50_000 },
      { at: 1000, done: 1, total: 0, work: 'emails' },
    ])
    expect(figures(state, 1000)).toMatchObject({ done: 50_001, total: 0 })
    expect(figures(state, 1000)).not.toHaveProperty('left')
  })

  it('lets an estimate that was too low grow', () => {
    expect(figures(copying([{ at: 1000, done: 120_000 }]), 1000)).toMatchObject({
      done: 120_000,
      total: 120_000,
      running: [],
    })
  })

  it('forgets how fast it was long ago', () => {
    const fast = Array.from({ length: 60 }, (_, second) => ({ at: second * 1000, done: second * 1000 }))
    const slow = Array.from({ length: 60 }, (_, second) => ({ at: (60 + second) * 1000, done: 60_000 + second * 10 }))
    expect(figures(copying([...fast, ...slow]), 119_000).rate).toBeCloseTo(10, 0)
  })

  it('needs no more memory the more often it is told', () => {
    const state = copying(Array.from({ length: 50_000 }, (_, step) => ({ at: step, done: step })))
    expect(state.samples.length).toBeLessThan(100)
  })

  it('says what the work waits for, and counts accounts where it works on accounts', () => {
    const merging = copying([
      { at: 1000, done: 100, total: 1000, work: 'accounts' },
      { at: 2000, done: 200, total: 1000, work: 'accounts' },
    ])
    const line = (bound: Bound | undefined) => phaseLine(figures(boundBy(merging, bound), 2000), 120)
    expect(line(undefined)).toContain('20 %  200 of 1,000 accounts  100/s  2.0 s')
    expect(line('target')).toContain('200 of 1,000 accounts  100/s  waits for the target  2.0 s  about 8.0 s left')
    expect(line('rate')).toContain('waits for --max-rate')
  })

  it('says what the target does by itself, and no rate that falls until that is done', () => {
    const begun = workingOn(copying([{ at: 1000, done: 7, total: 1857, work: 'accounts' }]), '2 import jobs', 2000)
    expect(phaseLine(figures(begun, 14_000), 120)).toBe(
      'copy  ░░░░░░░░░░░░░░░░░░░░  <1 %  7 of 1,857 accounts  2 import jobs, 12 s  14 s',
    )
    const some = advanceWork(begun, { work: 'accounts', done: 600, total: 1857 }, 20_000)
    const line = (now: number): string => phaseLine(figures(some, now), 120)
    expect(line(30_000)).toContain('30/s')
    expect(line(60_000)).toContain('30/s')
    expect(figures(workingOn(some, undefined, 30_000), 30_000)).not.toHaveProperty('atWork')
  })

  it('promises neither a rate nor an end while it is paused', () => {
    const paused = boundBy(copying([{ at: 1000, done: 50_000 }]), 'paused')
    expect(phaseLine(figures(paused, 3000), 120)).toMatch(/50,000 rows {2}paused {2}3\.0 s$/)
    expect(figures(boundBy(paused, undefined), 3000)).toHaveProperty('rate')
  })

  it('fits its lines into any terminal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 4, max: 200 }),
        fc.nat(),
        (work, columns, done) => {
          const now = figures(copying([{ at: 700, done, work }]), 1400)
          expect(textWidth(phaseLine(now, columns))).toBeLessThanOrEqual(columns)
          expect(textWidth(worksLine(now, columns))).toBeLessThanOrEqual(columns)
        },
      ),
    )
  })

  it('reads well', () => {
    const now = figures(
      copying([
        { at: 1000, done: 34_000 },
        { at: 1000, done: 5, total: 10, work: 'emails' },
      ]),
      2000,
    )
    expect(phaseLine(now, 80)).toBe('copy  ██████░░░░░░░░░░░░░░  34 %  34,005 rows  17,003/s  2.0 s  about 3.9 s left')
    expect(phaseLine(now, 50)).toBe('copy  34 %  34,005 rows  17,003/s  2.0 s  about 3…')
    expect(worksLine(now, 80)).toBe('  users 34 % · emails 50 %')
  })
})

describe('progress on a terminal or elsewhere', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const watched = async (kind: { isTty: boolean; quiet: boolean }) => {
    const stream = Object.assign(new PassThrough(), { isTTY: kind.isTty, columns: 80 })
    const progress = await createTerminalProgress({ stream, columns: 80, ...kind, now: () => Date.now() })
    return { progress, shown: () => String(stream.read() ?? '') }
  }

  const wholeRun = (progress: Awaited<ReturnType<typeof createTerminalProgress>>) => {
    progress.phase('copy')
    progress.advance('users', 500, 1000)
    vi.advanceTimersByTime(6000)
    progress.note('users: \u001b[2Jdone')
    progress.advance('users', 1000, 1000)
    vi.advanceTimersByTime(1000)
    progress.phase('indexes')
    vi.advanceTimersByTime(1200)
    progress.stop()
  }

  it('writes plain lines, one in five seconds, when nobody can see it move', async () => {
    const { progress, shown } = await watched({ isTty: false, quiet: false })
    wholeRun(progress)
    expect(shown().split('\n')).toEqual([
      'copy',
      'copy: 50 %, 500 rows, 100/s, 5.0 s, about 5.0 s left',
      'users: \\u001b[2Jdone',
      'copy done in 7.0 s, 1,000 rows',
      'indexes',
      'indexes done in 1.2 s',
      '',
    ])
  })

  it('draws on a terminal, and leaves notes and finished phases above', async () => {
    const { progress, shown } = await watched({ isTty: true, quiet: false })
    wholeRun(progress)
    const text = shown()
    expect(text).toContain('██████████░░░░░░░░░░')
    expect(text).toContain('users: \\u001b[2Jdone')
    expect(text.indexOf('copy done in 7.0 s')).toBeLessThan(text.indexOf('indexes done in 1.2 s'))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says nothing when it is to be quiet', async () => {
    const { progress, shown } = await watched({ isTty: true, quiet: true })
    wholeRun(progress)
    expect(shown()).toBe('')
  })

  it('can be stopped twice, or before anything happened', async () => {
    const { progress, shown } = await watched({ isTty: true, quiet: false })
    progress.stop()
    progress.stop()
    expect(shown()).toBe('')
  })
})
