import type { RunEvent } from '../../report/run-record.ts'
import type { RunEntry } from '../../report/runs-document.ts'
import type { Started } from './attempt.ts'

/** How far a run has come that is at work, and where it works. */
export const progressOf = (
  { pid, host, resumes }: Started,
  attempt: readonly RunEvent[],
): Pick<RunEntry, 'done' | 'process'> => {
  const batches = attempt.flatMap((event) => (event.event === 'batch' ? [event.accounts] : []))
  const done = batches.reduce(
    (sum, { created, updated, unchanged, removed, rejected }) =>
      sum + created + updated + unchanged + removed + rejected,
    0,
  )
  return { process: { pid, host }, ...(resumes === undefined && batches.length > 0 ? { done } : {}) }
}
