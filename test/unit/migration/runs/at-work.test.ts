import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runLives } from '../../../../src/migration/runs/at-work.ts'
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
