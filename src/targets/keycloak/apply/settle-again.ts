import type { Conflict } from '../../slow-road/judgement.ts'
import { outcomeOf, rejected } from '../../slow-road/outcome-of.ts'
import { toUserImport } from '../accounts/user-import.ts'
import { planSubjects } from '../plan/plan-subjects.ts'
import { seeUser } from '../plan/see-users.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { Again, BatchAtWork } from './batch-at-work.ts'
import { writeOne } from './change-users.ts'
import { importNew, wordsOf } from './create-users.ts'
import { freeEmail } from './free-email.ts'
import { STILL_HELD } from './link-heirs.ts'

const IDENTITY_KEPT: Conflict = { reason: 'identity_taken', against: 'another account of this homeserver' }

/**
 * Looks at an account anew that was not as it had been planned for: somebody else has changed Keycloak since, or has one of its
 * names. It is planned once more from what is there now, and what that says is done.
 */
export const settleAgain = async (
  work: BatchAtWork,
  { planned: { subject }, words }: Again,
  { isFinal }: { readonly isFinal: boolean },
): Promise<void> => {
  const { realm, writer, signal, runNames, isLast } = work
  const { decision, id, wanted } = subject
  const own = { decision, id, ...(wanted === undefined ? {} : { wanted }) }
  const seen = await seeUser(realm, own, { depth: 'thorough', signal })
  const [planned] = await planSubjects(realm, [{ ...own, seen }], {
    suspects: async (names) => new Set(names),
    links: await realm.census.links(signal),
    claims: 'awaited',
    runNames,
    isLast,
    asksPresentLinks: false,
    plan: (one) => planSubject(one, writer),
    signal,
  })
  if (planned === undefined) return
  if (planned.subject.waits !== undefined) return work.putsOff(planned)
  if (planned.subject.linksOf?.some((holder) => work.isUndone(holder))) {
    if (!isFinal) return work.looksAgain({ planned, words: STILL_HELD })
    return work.ends(planned, outcomeOf(planSubject({ ...planned.subject, conflict: IDENTITY_KEPT }, writer).change))
  }
  for (const holder of planned.subject.frees ?? []) await freeEmail(work, holder)
  const refusal = await write(work, planned)
  if (refusal === undefined) return work.ends(planned, outcomeOf(planned.change))
  if (refusal.mayPass && !isFinal) return work.looksAgain({ planned, words: refusal.words ?? words })
  return work.ends(planned, rejected(decision.mxid, refusal.words ?? words))
}

interface Refusal {
  readonly words?: string
  /** Somebody was faster: to be looked at once more. */
  readonly mayPass: boolean
}

/** @returns undefined: it is done */
const write = async (work: BatchAtWork, planned: PlannedSubject): Promise<Refusal | undefined> => {
  const { requests } = planned
  if (requests.kind === 'refuse') return { words: requests.words, mayPass: false }
  if (requests.kind !== 'create') {
    const answer = await writeOne(work, planned)
    if (answer.kind === 'done') return undefined
    return answer.kind === 'missing' ? { mayPass: true } : { words: answer.words, mayPass: answer.kind === 'clash' }
  }
  const user = toUserImport(requests.wanted, work.writer)
  const fate = (await importNew(work, [user], [planned])).get(user.id)
  if (fate?.kind === 'created') return undefined
  return fate === undefined ? { mayPass: false } : { words: wordsOf(fate), mayPass: fate.kind !== 'refused' }
}
