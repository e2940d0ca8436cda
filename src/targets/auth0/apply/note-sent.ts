import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'

/**
 * Notes that some accounts are about to be sent.
 * @returns to be called where Auth0 has not taken them: takes back what is noted, but of those of whom something was sent before
 */
export const noteSent = (work: BatchAtWork, planned: readonly PlannedSubject[]): (() => void) => {
  const { unreported } = work.tenant
  const unsent = planned.map(({ change }) => change.mxid).filter((mxid) => unreported.of(mxid) === undefined)
  for (const one of planned) work.sends(one)
  return () => unreported.undo(unsent)
}
