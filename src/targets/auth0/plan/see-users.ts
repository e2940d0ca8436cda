import pLimit from 'p-limit'
import type { UserSeen } from '../accounts/ownership.ts'
import type { PresentUser } from '../api/user.ts'
import { userById } from '../api/users-api.ts'
import type { Census } from '../census/census-file.ts'
import type { Auth0Tenant } from '../tenant.ts'
import type { Auth0Subject, KnownSubject, PlannedSubject } from './subject.ts'

/** `proof`: everybody is read where they are. */
export type Depth = 'quick' | 'thorough' | 'proof'

export interface Looking {
  readonly depth: Depth
  readonly signal: AbortSignal
}

type Reading = Pick<Auth0Tenant, 'api' | 'census' | 'unreported'>

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
  const known = subjects.map((subject): KnownSubject => ({ ...subject, seen: seenAs(census.byId(subject.id)) }))
  const asked = known.filter((subject) => isAsked(tenant, subject, { plan, depth: looking.depth }))
  const found = new Map(await readUsers(tenant, asked, looking.signal))
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
  { api, census }: Pick<Reading, 'api' | 'census'>,
  { id }: Pick<Auth0Subject, 'id'>,
  signal: AbortSignal,
): Promise<UserSeen> => {
  const present = await userById(api, id, signal)
  census.saw(id, present)
  return seenAs(present)
}

const seenAs = (present: PresentUser | undefined): UserSeen => (present === undefined ? {} : { present })

const isAsked = (
  { unreported }: Pick<Reading, 'unreported'>,
  subject: KnownSubject,
  { plan, depth }: { readonly plan: (of: KnownSubject) => PlannedSubject; readonly depth: Depth },
): boolean => {
  const { decision, seen, wanted } = subject
  if (unreported.isTouched(decision.mxid)) return true
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
    signal,
  )
  if (found.every(([, { present }]) => present === undefined)) return found
  return [
    ...found,
    ...(await readUsers(
      tenant,
      absent.filter((one) => !samples.has(one)),
      signal,
    )),
  ]
}

const readUsers = (
  tenant: Reading,
  subjects: readonly KnownSubject[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, UserSeen])[]> => {
  const limit = pLimit(AT_ONCE)
  return Promise.all(
    subjects.map((subject) => limit(async () => [subject.id, await seeUser(tenant, subject, signal)] as const)),
  )
}
