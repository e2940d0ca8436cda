import type { RunDocument } from '../../src/report/documents.ts'
import type { RunEntry } from '../../src/report/runs-document.ts'
import type { StatusDocument } from '../../src/report/status.ts'
import { statusSteps } from '../../src/report/status-steps.ts'
import { runDocument } from './documents.ts'
import { onlineStatus, runEntriesShown } from './run-documents.ts'

const RESUME = 'syn2op migrate --online --max-rate 500 --resume'

/** A run that brought a copy up to date until somebody pressed Ctrl-C. */
export const stoppedRunDocument: RunDocument = {
  ...runDocument,
  road: 'online',
  relations: runDocument.relations.filter(({ relation }) => relation === 'account'),
  tables: [],
  candidates: 1500,
  outcomes: [
    { outcome: 'created', count: 40 },
    { outcome: 'updated', count: 380 },
    { outcome: 'unchanged', count: 46_500 },
    { outcome: 'held back', count: 210 },
    { outcome: 'not attempted', count: 1080 },
  ],
  phases: [
    { phase: 'prepare', milliseconds: 410 },
    { phase: 'find changes', milliseconds: 1900 },
    { phase: 'write', milliseconds: 2300 },
  ],
  milliseconds: 4610,
  endedEarly: { why: 'stopped', resume: RESUME },
}

/** One whose target had enough. */
export const rejectedRunDocument: RunDocument = {
  ...stoppedRunDocument,
  road: 'merge',
  outcomes: [
    { outcome: 'created', count: 40 },
    { outcome: 'unchanged', count: 46_854 },
    { outcome: 'held back', count: 210 },
    { outcome: 'rejected', count: 26 },
    { outcome: 'not attempted', count: 1080 },
  ],
  rejected: [{ mxid: '@anna:example.org', message: 'this name is not allowed here' }],
  endedEarly: { why: 'too many rejected', resume: 'syn2op migrate --max-rejected 25 --resume' },
}

const statusOf = (changes: Partial<RunEntry>): StatusDocument => {
  const [newest] = runEntriesShown
  const runs = newest === undefined ? [] : [{ ...newest, ...changes }]
  return { ...onlineStatus, runs, next: statusSteps({ ...onlineStatus, runs }) }
}

const command = ['syn2op', 'migrate', '--online', '--max-rate', '500', '--as-of', '2026-11-21T03:00:00Z']

export const stoppedStatus = statusOf({ state: 'unfinished', endedEarly: 'stopped', command })

export const pausedStatus = statusOf({
  state: 'running',
  paused: '/srv/syn2op-runs/20261121-220000-07da/pause',
  command,
})
