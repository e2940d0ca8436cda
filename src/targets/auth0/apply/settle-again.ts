import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { outcomeOf } from '../../slow-road/outcome-of.ts'
import { databaseUsers } from '../accounts/linked-user.ts'
import { usersByEmail } from '../api/users-api.ts'
import type { Census } from '../census/census-file.ts'
import { newNames } from '../plan/names.ts'
import { planSubjects } from '../plan/plan-subjects.ts'
import { seeGiven } from '../plan/see-given.ts'
import { seeUser } from '../plan/see-users.ts'
import { type KnownSubject, type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { Again, BatchAtWork } from './batch-at-work.ts'
import { changeOne, endsRefused } from './change-users.ts'
import { type Creating, createUsers } from './create-users.ts'
import { freeNames } from './free-names.ts'
import { remakeUsers } from './remake-users.ts'
import { renewPasswords } from './renew-passwords.ts'
import { freeingChanges } from './waiting-names.ts'

/** Users who are looked at at a time; how many that may be in a time, the quota says. */
const AT_ONCE = 6

/**
 * Looks at accounts anew that were not as they had been planned for: somebody else has changed Auth0 since, or has one of their names.
 * They are planned once more from what is there now, and what that says is done. Whoever is refused once more is to be looked at again.
 */
export const settleAgain = async (work: BatchAtWork, again: readonly Again[], creating: Creating): Promise<void> => {
  if (again.length === 0) return
  const planned = await planAgain(work, again)
  const [late, able] = [planned.filter(isWaiting), planned.filter((one) => !isWaiting(one))]
  for (const one of late) work.putsOff(one)
  const of = (kind: PlannedSubject['requests']['kind']): readonly PlannedSubject[] =>
    able.filter(({ requests }) => requests.kind === kind)
  for (const one of of('nothing')) work.ends(one, outcomeOf(one.change))
  for (const one of able) if (one.requests.kind === 'refuse') endsRefused(work, one, one.requests.words)
  const { turns, part } = creating
  const { steps, ring, wanted } = freeingChanges(able)
  await turns.each(ring, (one) => freeNames(work, one, wanted))
  const freeing = new Set(steps.flat())
  const others = of('change').filter((one) => !freeing.has(one))
  for (const step of [of('delete'), ...steps, others]) await turns.each(step, (one) => changeOne(work, one))
  await renewPasswords(work, of('rehash'), creating)
  await remakeUsers(work, of('reimport'), { turns, part: `${part}r` })
  await createUsers(work, of('create'), creating)
}

const isWaiting = ({ subject }: PlannedSubject): boolean => subject.waits !== undefined

const planAgain = async (work: BatchAtWork, again: readonly Again[]): Promise<readonly PlannedSubject[]> => {
  const { tenant, about, writer, signal, runNames, isLast } = work
  const found = await eachAtMost(AT_ONCE, again, async ({ planned: { subject } }): Promise<KnownSubject> => {
    const { decision, id, wanted } = subject
    return {
      decision,
      id,
      ...(wanted === undefined ? {} : { wanted }),
      seen: await seeUser(tenant, subject, signal),
    }
  })
  const plan = (one: KnownSubject): PlannedSubject => planSubject(one, writer)
  const known = await seeGiven(tenant, found, { plan, signal })
  const planAll = (census: Pick<Census, 'holder'>): readonly PlannedSubject[] =>
    planSubjects(tenant, known, { census, takes: about.rules.takes, claims: 'awaited', runNames, isLast, plan })
  const clashing = new Set(again.flatMap(({ planned, isClash }) => (isClash === true ? [planned.subject.id] : [])))
  const isUnexplained = ({ subject, requests }: PlannedSubject): boolean =>
    requests.kind === 'create' && clashing.has(subject.id)
  const census = await tenant.census.known(signal)
  const first = planAll(census)
  const unexplained = first.filter(isUnexplained)
  if (unexplained.length === 0) return first
  await eachAtMost(AT_ONCE, unexplained, (one) => findByEmail(work, one))
  const second = planAll(census)
  return second.some(isUnexplained) ? planAll(await tenant.census.renewed(signal)) : second
}

/** Auth0 tells of addresses at once, of other names in an export only. */
const findByEmail = async ({ tenant, signal }: BatchAtWork, { requests, subject }: PlannedSubject): Promise<void> => {
  const { email } = newNames(requests, subject.seen.present)
  if (email === undefined) return
  const { api, census, config } = tenant
  for (const user of await usersByEmail(api, email, signal)) {
    if (!user.identities.some(({ connection }) => connection === config.connection)) continue
    for (const seen of databaseUsers(user, config.connection)) census.saw(seen.id, seen)
  }
}
