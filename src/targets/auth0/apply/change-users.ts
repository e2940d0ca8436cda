import { isDeepStrictEqual } from 'node:util'
import { outcomeOf, rejected } from '../../slow-road/outcome-of.ts'
import { seeGiven } from '../plan/see-given.ts'
import { seeUser } from '../plan/see-users.ts'
import { type KnownSubject, type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { changeUser, removeUser, type Written } from './write-user.ts'

/**
 * The same plan by what is there now, so that nobody's change is overwritten; undefined where something else would be done now: it is
 * looked at anew, with all that others have.
 */
export const asItIs = async (work: BatchAtWork, planned: PlannedSubject): Promise<PlannedSubject | undefined> => {
  const { tenant, writer, signal } = work
  const plan = (one: KnownSubject): PlannedSubject => planSubject(one, writer)
  const found = { ...planned.subject, seen: await seeUser(tenant, planned.subject, signal) }
  const now = (await seeGiven(tenant, [found], { plan, signal })).map(plan).at(0)
  if (now === undefined) return undefined
  if (now.requests.kind === planned.requests.kind && isDeepStrictEqual(now.change, planned.change)) return now
  work.looksAgain({ planned, words: CHANGED })
  return undefined
}

const CHANGED = 'Somebody has changed it at Auth0 meanwhile'

/** Closes the difference of one user who is there, or removes them. */
export const changeOne = async (work: BatchAtWork, planned: PlannedSubject): Promise<void> => {
  const now = await asItIs(work, planned)
  if (now === undefined) return
  const refusal = refusalIn(await writeOne(work, now))
  if (refusal === undefined) work.ends(now, outcomeOf(now.change))
  else work.looksAgain({ planned: now, words: refusal })
}

/** Sends what changes or removes one user. */
export const writeOne = async (work: BatchAtWork, planned: PlannedSubject): Promise<Written> => {
  const { tenant, signal } = work
  const { requests } = planned
  if (requests.kind === 'change') {
    work.sends(planned)
    return changeUser(tenant, requests, signal)
  }
  if (requests.kind !== 'delete') return { kind: 'done' }
  work.sends(planned)
  return removeUser(tenant, requests, signal)
}

/** In words; undefined: it is done. */
export const refusalIn = (answer: Written): string | undefined => {
  if (answer.kind === 'done') return undefined
  return answer.kind === 'missing' ? 'There is no such user any more' : answer.words
}

/** Of whom Auth0 has refused what was to be done. */
export const endsRefused = (work: BatchAtWork, planned: PlannedSubject, words: string): void =>
  work.ends(planned, rejected(planned.change.mxid, words))
