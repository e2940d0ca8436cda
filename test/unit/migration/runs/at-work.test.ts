import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { heldByOthers, runLives, withHeld } from '../../../../src/migration/runs/at-work.ts'
import { processMark } from '../../../../src/migration/runs/process-mark.ts'
import type { StoredRun } from '../../../../src/migration/runs/read-run.ts'
import type { TargetHolder } from '../../../../src/targets/sql-road.ts'
import { planDocument } from '../../../support/documents.ts'

const run: StoredRun = { runId: '20261121-010000-aaaa', events: [], plan: planDocument }
const { location } = planDocument.target

const started = (host: string, pid: number, mark?: string) => ({
  at: '2026-11-21T01:00:00.000Z',
  event: 'started' as const,
  runId: run.runId,
  kind: 'merge' as const,
  syn2op: '0.1.0',
  command: ['syn2op', 'migrate'],
  host,
  pid,
  ...(mark === undefined ? {} : { mark }),
})
const ours = started(hostname(), process.pid, processMark(process.pid))
const elsewhere = started('night', 7)
const held = (holder: TargetHolder) => runLives({ location, holder })

describe('whether a run is at work', () => {
  it('is known by the target that was asked, wherever the run is', () => {
    expect(held({ host: 'night', pid: 7 })(elsewhere, run)).toBe(true)
    expect(held({ host: 'night', pid: 8 })(elsewhere, run)).toBe(false)
    expect(held({ host: 'day', pid: 7 })(elsewhere, run)).toBe(false)
  })

  it.runIf(process.platform === 'linux')('is not so where the machine was started anew since', () => {
    const before = started(hostname(), 7, 'before the last boot/77')
    expect(held({ host: hostname(), pid: 7 })(before, run)).toBe(false)
    expect(held({ host: hostname(), pid: process.pid })(ours, run)).toBe(true)
  })

  it('is not so where nobody works there, whatever processes there are', () => {
    expect(held('nobody')(ours, run)).toBe(false)
  })

  it.runIf(process.platform === 'linux')('is else known by this machine', () => {
    expect(held('unknown')(ours, run)).toBe(true)
    expect(held('unknown')(elsewhere, run)).toBe(false)
    expect(runLives(undefined)(ours, run)).toBe(true)
    expect(runLives({ location: 'another', holder: 'nobody' })(ours, run)).toBe(true)
  })
})

describe('who holds a target', () => {
  const at = (holder: TargetHolder) => ({ location, holder })
  const begun = { ...run, events: [elsewhere] }
  const ended = { ...run, events: [elsewhere, { at: elsewhere.at, event: 'finished' as const, milliseconds: 1 }] }
  const stranger = { host: 'day', pid: 9 }

  it('is told where no run that has a record here is that one', () => {
    expect(heldByOthers(at(stranger), [])).toEqual(stranger)
    expect(heldByOthers(at(stranger), [begun])).toEqual(stranger)
    expect(heldByOthers(at({ host: 'night', pid: 7 }), [ended])).toEqual({ host: 'night', pid: 7 })
    expect(heldByOthers(at('unknown'), [begun])).toBe('unknown')
  })

  it('is nobody else where such a run is, where nobody does, and where the target cannot say', () => {
    expect(heldByOthers(at({ host: 'night', pid: 7 }), [begun])).toBeUndefined()
    expect(heldByOthers(at('unknown'), [{ ...run, events: [started(hostname(), process.ppid)] }])).toBeUndefined()
    expect(heldByOthers(at('nobody'), [])).toBeUndefined()
    expect(heldByOthers(undefined, [])).toBeUndefined()
  })

  it('may be a run that only the journal knows, and that did not end', () => {
    const journalled = { runId: run.runId, state: 'unfinished', record: 'journal' } as const
    const known = { ...journalled, record: 'both' } as const
    expect(withHeld([{ ...journalled, unrecorded: true }, known], stranger)).toEqual([
      { ...journalled, state: 'running' },
      known,
    ])
    expect(withHeld([journalled], undefined)).toEqual([journalled])
  })
})
