import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { databaseUsers } from '../accounts/linked-user.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { linkedAwayTo } from '../accounts/plan-linked-away.ts'
import type { PresentUser } from '../api/user.ts'
import { userById } from '../api/users-api.ts'
import type { Census } from '../census/census-file.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { findPrimaries } from './find-primaries.ts'
import type { Auth0Subject, KnownSubject, PlannedSubject } from './subject.ts'

/** `proof`: everybody is read where they are. */
export type Depth = 'quick' | 'thorough' | 'proof'

export interface Looking {
  readonly depth: Depth
  readonly signal: AbortSignal
  /** Told of so many more who are looked at. */
  readonly looked?: (accounts: number) => void
}

type Reading = Pick<Auth0Tenant, 'api' | 'census' | 'unreported' | 'config'>

/** Users who are read at a time; how many that may be in a time, the quota says. */
const AT_ONCE = 8

/** So few who are not in the census are all looked for: it may be older than they are. Of more, samples. */
const FEW = 25
const SAMPLES = 5

export const censusFor = ({ census }: Pick<Reading, 'census'>, { depth, signal }: Looking): Promise<Census> =>
  depth === 'quick' ? census.known(signal) : census.fresh(signal)

/**
 * What is at Auth0 of some accounts, as far as their plan needs it: as the census has it, and anew where that is not enough.
 * @param plan what would be done with somebody as they were found
 */
export const seeUsers = async (
  tenant: Reading,
  subjects: readonly Auth0Subject[],
  {
    census,
    plan,
    ...looking
  }: Looking & { readonly census: Census; readonly plan: (of: KnownSubject) => PlannedSubject },
): Promise<readonly KnownSubject[]> => {
  const known = subjects.map((subject): KnownSubject => ({ ...subject, seen: seenIn(census, subject) }))
  const asked = known.filter((subject) => isAsked(tenant, subject, { plan, depth: looking.depth }))
  looking.looked?.(known.length - asked.length)
  const found = new Map(await readUsers(tenant, asked, looking))
  if (looking.depth === 'thorough') {
    const absent = known.filter(({ seen, wanted }) => seen.present === undefined && wanted !== undefined)
    for (const [id, seen] of await findAbsent(tenant, absent, looking.signal)) found.set(id, seen)
  }
  return known.map((subject) => {
    const seen = found.get(subject.id)
    return seen === undefined ? subject : { ...subject, seen }
  })
}

/** What is there of one account now. */
export const seeUser = async (
  { api, census, config }: Pick<Reading, 'api' | 'census' | 'config'>,
  { id, wanted }: Pick<Auth0Subject, 'id' | 'wanted'>,
  signal: AbortSignal,
): Promise<UserSeen> => {
  const present = await userById(api, id, signal)
  const primaryId = wanted?.primaryId
  if (present !== undefined) {
    census.saw(id, present)
    return seenAs(present, primaryId === undefined ? undefined : await userById(api, primaryId, signal))
  }
  let upstream: PresentUser | undefined
  for await (const linkedTo of primariesOf({ api, census }, { id, primaryId }, signal)) {
    const primary = await userById(api, linkedTo, signal)
    const user =
      primary === undefined ? undefined : databaseUsers(primary, config.connection).find((one) => one.id === id)
    if (user !== undefined) {
      census.saw(id, user)
      return { present: user }
    }
    if (linkedTo === primaryId) upstream = primary
  }
  census.saw(id, undefined)
  return seenAs(undefined, upstream)
}

/** To whom somebody may be linked, who is then no user of their own: that is derived, or told by the last export, or searched for. */
async function* primariesOf(
  { api, census }: Pick<Reading, 'api' | 'census'>,
  { id, primaryId }: { readonly id: string; readonly primaryId: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const told = (await census.known(signal)).byId(id)?.primaryId
  const likely = [primaryId, told].filter((one) => one !== undefined)
  yield* new Set(likely)
  for (const found of await findPrimaries(api, id, signal)) if (!likely.includes(found)) yield found
}

const seenIn = (census: Census, { id, wanted }: Auth0Subject): UserSeen => {
  const present = census.byId(id)
  const primaryId = wanted?.primaryId
  const isApart = primaryId !== undefined && present?.primaryId === undefined
  return seenAs(present, isApart ? census.byId(primaryId) : undefined)
}

const seenAs = (present: PresentUser | undefined, upstream: PresentUser | undefined): UserSeen => ({
  ...(present === undefined ? {} : { present }),
  ...(upstream === undefined ? {} : { upstream }),
})

const isAsked = (
  { unreported }: Pick<Reading, 'unreported'>,
  subject: KnownSubject,
  { plan, depth }: { readonly plan: (of: KnownSubject) => PlannedSubject; readonly depth: Depth },
): boolean => {
  const { decision, seen, wanted } = subject
  // Of whom others have, an export tells no more than that.
  if (unreported.isTouched(decision.mxid) || linkedAwayTo(seen) !== undefined) return true
  if (depth === 'quick') return false
  if (depth === 'proof') return wanted !== undefined || seen.present !== undefined
  return seen.present !== undefined && plan(subject).requests.kind !== 'nothing'
}

/** Some of them, and all where one of these is there. */
const findAbsent = async (
  tenant: Reading,
  absent: readonly KnownSubject[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, UserSeen])[]> => {
  const count = absent.length > FEW ? SAMPLES : absent.length
  const step = Math.max(1, absent.length / count)
  const samples = new Set(Array.from({ length: count }, (_, n) => absent[Math.floor(n * step)]))
  const found = await readUsers(
    tenant,
    absent.filter((one) => samples.has(one)),
    { signal },
  )
  if (found.every(([, { present }]) => present === undefined)) return found
  return [
    ...found,
    ...(await readUsers(
      tenant,
      absent.filter((one) => !samples.has(one)),
      { signal },
    )),
  ]
}

const readUsers = (
  tenant: Reading,
  subjects: readonly KnownSubject[],
  { signal, looked }: Pick<Looking, 'signal' | 'looked'>,
): Promise<readonly (readonly [string, UserSeen])[]> =>
  eachAtMost(AT_ONCE, subjects, async (subject) => {
    const seen = await seeUser(tenant, subject, signal)
    looked?.(1)
    return [subject.id, seen] as const
  })
