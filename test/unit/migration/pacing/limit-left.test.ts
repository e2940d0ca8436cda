import { describe, expect, it } from 'vitest'
import { attemptedWithin } from '../../../../src/migration/pacing/limit-left.ts'
import type { RunEvent } from '../../../../src/report/run-record.ts'

const at = '2026-11-21T21:00:00.000Z'

const started = (limit?: number): RunEvent => ({
  at,
  event: 'started',
  runId: '20261121-210000-aaaa',
  kind: 'online',
  syn2op: '0.1.0',
  command: [],
  host: 'night',
  pid: 1,
  ...(limit === undefined ? {} : { limit }),
})

const batch = (created: number, rejected = 0, notAttempted = 0): RunEvent => ({
  at,
  event: 'batch',
  ordinal: 0,
  accounts: { created, updated: 0, unchanged: 0, removed: 0, heldBack: 0, rejected, notAttempted },
})

describe('what a run has attempted of its limit', () => {
  it('is every account of its batches that was attempted, however often it was gone on with', () => {
    expect(attemptedWithin([])).toBe(0)
    expect(attemptedWithin([started(100), batch(20, 5, 7), batch(3), started(100), batch(10)])).toBe(38)
  })

  it('is nothing of what it did while it had none', () => {
    expect(attemptedWithin([started(), batch(500), started(100), batch(10)])).toBe(10)
    expect(attemptedWithin([started(100), batch(10), started(), batch(500)])).toBe(0)
  })
})
