import { outcomeOf, rejected } from '../../slow-road/outcome-of.ts'
import { deleteUser, type WriteAnswer } from '../api/users-api.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { FAILED, tryAgain } from './try-again.ts'
import { changeUser } from './write-user.ts'

/** Closes the difference of one user who is there, or removes them. */
export const changeOne = async (work: BatchAtWork, planned: PlannedSubject): Promise<void> =>
  endsWith(work, planned, await writeOne(work, planned))

/** How a user's change ends by an answer. */
export const endsWith = (work: BatchAtWork, planned: PlannedSubject, answer: WriteAnswer): void => {
  if (answer.kind === 'done') {
    work.ends(planned, outcomeOf(planned.change))
    return
  }
  // Whoever is gone meanwhile, or meets somebody, is looked at anew; so is whoever met a failure of the server's.
  const words = answer.kind === 'missing' ? 'There is no such user any more' : answer.words
  // Of a single request nothing is done then.
  const isUndone =
    answer.kind === 'clash' && planned.requests.kind === 'change' && planned.requests.closing === undefined
  if (isUndone) work.realm.unreported.undo([planned.change.mxid])
  const isFinal = answer.kind === 'refused' && answer.status < FAILED
  if (isFinal) work.ends(planned, rejected(planned.change.mxid, words))
  else work.looksAgain({ planned, words })
}

/** Sends what changes or removes one user. */
export const writeOne = async (work: BatchAtWork, planned: PlannedSubject): Promise<WriteAnswer> => {
  const { realm, signal } = work
  const { requests } = planned
  if (requests.kind === 'change') {
    work.sends(planned)
    return changeUser(realm, requests, signal)
  }
  if (requests.kind !== 'delete') return { kind: 'done' }
  work.sends(planned)
  const answer = await tryAgain(() => realm.writing(() => deleteUser(realm.api, requests.id, signal)), signal)
  // Whoever was to go and is gone, is gone.
  return answer.kind === 'missing' ? { kind: 'done' } : answer
}
