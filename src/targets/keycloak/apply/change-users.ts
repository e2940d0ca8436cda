import { deleteUser } from '../api/users-api.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { outcomeOf, rejected } from './outcome-of.ts'
import { settleAgain } from './settle-again.ts'
import { FAILED, tryAgain } from './try-again.ts'
import { changeUser, freeEmail } from './write-user.ts'

/** Closes the difference of one user who is there. */
export const changeOne = async (work: BatchAtWork, planned: PlannedSubject): Promise<void> => {
  const { requests, change } = planned
  if (requests.kind !== 'change') return
  work.sends(planned)
  const answer = await changeUser(work.realm, requests, work.signal)
  if (answer.kind === 'done') return work.ends(planned, outcomeOf(change))
  // Whoever is gone meanwhile, or meets somebody, is looked at anew; so is whoever met a failure of the server's.
  if (answer.kind === 'missing') return settleAgain(work, planned, 'There is no such user any more')
  if (answer.kind === 'clash' || answer.status >= FAILED) return settleAgain(work, planned, answer.words)
  return work.ends(planned, rejected(change.mxid, answer.words))
}

/** Gives up an address beforehand that another account of the batch is to get; whether that works shows when it does. */
export const freeFirst = async (work: BatchAtWork, { subject: { seen } }: PlannedSubject): Promise<void> => {
  if (seen.present !== undefined) await freeEmail(work.realm, seen.present, work.signal)
}

export const removeOne = async (work: BatchAtWork, planned: PlannedSubject): Promise<void> => {
  const { requests, change } = planned
  if (requests.kind !== 'delete') return
  work.sends(planned)
  const { realm, signal } = work
  const answer = await tryAgain(() => realm.writing(() => deleteUser(realm.api, requests.id, signal)), signal)
  const isGone = answer.kind === 'done' || answer.kind === 'missing'
  work.ends(planned, isGone ? outcomeOf(change) : rejected(change.mxid, answer.words))
}
