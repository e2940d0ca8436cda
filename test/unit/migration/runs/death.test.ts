import { describe, expect, it } from 'vitest'
import { deathText } from '../../../../src/migration/runs/death.ts'
import type { RunEvent } from '../../../../src/report/run-record.ts'

const started: RunEvent = {
  at: '2026-11-21T03:00:00.000Z',
  event: 'started',
  runId: '20261121-030000-abcd',
  kind: 'online',
  syn2op: '0.1.0',
  command: ['syn2op', 'migrate', '--online'],
  host: 'night',
  pid: 4242,
}
const later: RunEvent = { at: '2026-11-21T03:07:09.120Z', event: 'phase', phase: 'write' }

const textOf = (...events: readonly RunEvent[]) => deathText({ runId: started.runId, events })

describe('of a run that did not end is told', () => {
  it('that its process died, which one it was, and when it was last heard of', () => {
    expect(textOf(started, later)).toBe(
      'The process of run 20261121-030000-abcd (4242 on night) died; it was last heard of at 2026-11-21 03:07:09 UTC. Its lock went with it.',
    )
  })

  it.each<RunEvent>([
    { at: later.at, event: 'failed', code: 'database.failed', message: 'gone' },
    { at: later.at, event: 'finished', milliseconds: 1, endedEarly: 'stopped' },
  ])('nothing where it said itself how it ended: $event', (end) => {
    expect(textOf(started, later, end)).toBeUndefined()
  })

  it('what its last attempt says, where it was gone on with before', () => {
    const again: RunEvent = { ...started, at: '2026-11-21T04:00:00.000Z', pid: 5000, resumes: started.runId }
    expect(textOf(started, { at: later.at, event: 'failed', code: 'internal', message: 'x' }, again)).toContain(
      '(5000 on night) died; it was last heard of at 2026-11-21 04:00:00 UTC',
    )
  })

  it('nothing where nobody knows of it', () => {
    expect(textOf()).toBeUndefined()
  })
})
