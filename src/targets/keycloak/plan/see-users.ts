import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { needsLastLook, type Questions, questionsAbout, type UserSeen } from '../accounts/ownership.ts'
import { isInUse } from '../api/in-use.ts'
import { credentialsOf, findByLink, membershipsOf, type PresentUser, userById, usersByIds } from '../api/users-api.ts'
import type { KeycloakRealm } from '../realm.ts'
import type { KeycloakSubject } from './subject.ts'

export interface Looking {
  readonly depth: 'quick' | 'thorough'
  readonly signal: AbortSignal
}

type Reading = Pick<KeycloakRealm, 'api' | 'config' | 'reading'>

/** Users who are looked at at a time: more than there are requests at once, which the realm's own limit says. */
export const AT_ONCE = 12

/** What is at Keycloak of some accounts, as far as their plan needs it. By the id of the user. */
export const seeUsers = async (
  realm: Reading,
  subjects: readonly KeycloakSubject[],
  looking: Looking,
): Promise<ReadonlyMap<string, UserSeen>> => {
  const present = await usersByIds(
    realm.api,
    subjects.map(({ id }) => id),
    looking.signal,
  )
  const seen = await eachAtMost(AT_ONCE, subjects, async (subject): Promise<readonly [string, UserSeen]> => {
    const user = present.get(subject.id)
    return [subject.id, user === undefined ? {} : await inDetail(realm, subject, user, looking)]
  })
  return new Map(seen)
}

/** The same of one account, whose user may have changed since. */
export const seeUser = async (realm: Reading, subject: KeycloakSubject, looking: Looking): Promise<UserSeen> =>
  (await seeUsers(realm, [subject], looking)).get(subject.id) ?? {}

const inDetail = async (
  { api, config, reading }: Reading,
  { decision: { mxid }, wanted }: KeycloakSubject,
  present: PresentUser,
  { depth, signal }: Looking,
): Promise<UserSeen> => {
  const questions = questionsAbout(wanted, present, { mxid, depth })
  const asMarked =
    questions.kind === 'all' ? undefined : await seenAsMarked({ api, reading }, present, questions, signal)
  if (asMarked !== undefined) return asMarked
  const [whole, credentials] = await Promise.all([
    reading(() => userById(api, present.id, signal)),
    reading(() => credentialsOf(api, present.id, signal)),
  ])
  if (whole === undefined) return {}
  const seen = { present: whole, ...credentials }
  if (wanted !== undefined || !needsLastLook(mxid, seen, config.attributes)) return seen
  return { ...seen, ...(await lastLook({ api, reading }, present.id, signal)) }
}

/**
 * Asks by what is wanted, which tells at once who else has a link of theirs.
 * @returns undefined where something is not there, as when somebody has just deleted the user
 */
const seenAsMarked = async (
  { api, reading }: Pick<Reading, 'api' | 'reading'>,
  present: PresentUser,
  { links, password }: Extract<Questions, { kind: 'as marked' }>,
  signal: AbortSignal,
): Promise<UserSeen | undefined> => {
  const { id } = present
  const [credentials, holders] = await Promise.all([
    password === 'asked' ? reading(() => credentialsOf(api, id, signal)) : undefined,
    Promise.all(
      links.map(async (link) =>
        (await reading(() => findByLink(api, link, signal))).map((holder) => ({ link, holder })),
      ),
    ),
  ])
  if (password === 'asked' && credentials?.password === undefined) return undefined
  if (holders.some((some) => !some.some(({ holder }) => holder.id === id))) return undefined
  return { present, ...credentials, sharers: holders.flat().filter(({ holder }) => holder.id !== id) }
}

/** What else must be known of somebody who would be deleted. */
export const lastLook = async (
  { api, reading }: Pick<Reading, 'api' | 'reading'>,
  id: string,
  signal: AbortSignal,
): Promise<Required<Pick<UserSeen, 'memberships' | 'inUse'>>> => {
  const [memberships, inUse] = await Promise.all([
    reading(() => membershipsOf(api, id, signal)),
    reading(() => isInUse(api, id, signal)),
  ])
  return { memberships, inUse }
}
