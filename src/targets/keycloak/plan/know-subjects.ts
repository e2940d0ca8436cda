import type { UserSeen } from '../accounts/ownership.ts'
import type { KeycloakRealm } from '../realm.ts'
import { type Census, foreign } from './census.ts'
import { findHolders, type LookUp } from './holders.ts'
import { type Judgement, judgeClaimed, judgeHolders } from './judge-holders.ts'
import { newLinks, newNames } from './look-up.ts'
import type { Looking } from './see-users.ts'
import type { KnownSubject, Subject } from './subject.ts'

/** Finds out who has the names and links that accounts are to get, and what the mapping says of that. In their order. */
export const knowSubjects = async (
  realm: KeycloakRealm,
  subjects: readonly Subject[],
  seen: ReadonlyMap<string, UserSeen>,
  { census, depth, signal }: Looking & { readonly census: Census },
): Promise<readonly KnownSubject[]> => {
  const lookUps = new Map<string, LookUp>()
  for (const { id, wanted } of subjects) {
    const { present } = seen.get(id) ?? {}
    if (wanted !== undefined && wanted.refused === undefined) {
      lookUps.set(id, { ...newNames(wanted, present), links: newLinks(wanted, present, census) })
    }
  }
  // A write tells of names by itself, of links it does not. What another of ours has is asked for by the thorough only.
  const asksNames = depth === 'thorough' || (foreign(census) > 0 && realm.names.isWorthIt(census))
  const names = asksNames ? [...lookUps.values()].flatMap(namesOf) : []
  const suspects = await realm.names.suspects(names, census, signal)
  const given = new Set(givenUp(subjects, seen))
  const known = await Promise.all(
    subjects.map(async (subject) => {
      const lookUp = lookUps.get(subject.id)
      const one = { ...subject, seen: seen.get(subject.id) ?? {} }
      if (lookUp === undefined) return one
      return lookUpOne(realm, one, withoutGiven(suspected(lookUp, suspects), given), signal)
    }),
  )
  return known.map((subject) => claimed(realm, subject))
}

/** The same for one account that Keycloak has not taken: whatever may be somebody else's is looked up. */
export const knowSubject = async (
  realm: KeycloakRealm,
  { decision, id, wanted, seen }: Subject & Pick<KnownSubject, 'seen'>,
  { census, signal }: { readonly census: Census; readonly signal: AbortSignal },
): Promise<KnownSubject> => {
  if (wanted === undefined) return { decision, id, seen }
  const lookUp = { ...newNames(wanted, seen.present), links: newLinks(wanted, seen.present, census) }
  return lookUpOne(realm, { decision, id, wanted, seen }, lookUp, signal)
}

/** Addresses that users of the batch have and are to have no longer: whoever else of it wants them gets them. */
const givenUp = (subjects: readonly Subject[], seen: ReadonlyMap<string, UserSeen>): readonly string[] =>
  subjects.flatMap(({ id, wanted }) => {
    const { email, username } = seen.get(id)?.present ?? {}
    return [email?.toLowerCase(), username].flatMap((name) =>
      name === undefined || name === wanted?.email || name === wanted?.username ? [] : [name],
    )
  })

const withoutGiven = ({ username, email, links }: LookUp, given: ReadonlySet<string>): LookUp => ({
  ...(username === undefined || given.has(username) ? {} : { username }),
  ...(email === undefined || given.has(email) ? {} : { email }),
  links,
})

/** What the write will find out: of two accounts that want the same address only one gets it. */
const claimed = (realm: KeycloakRealm, subject: KnownSubject): KnownSubject => {
  const { wanted, seen, conflict, without, id } = subject
  const isNew = wanted !== undefined && seen.present === undefined && conflict === undefined
  const email = isNew && wanted.refused === undefined ? (without?.wanted ?? wanted).email : undefined
  if (!realm.claims.isOthers(email, id) || wanted === undefined) return subject
  return {
    ...withJudgement(subject, judgeClaimed(without?.wanted ?? wanted, without?.left, realm.conflicts)),
    waits: true,
  }
}

const namesOf = ({ username, email }: LookUp): readonly string[] => [
  ...(username === undefined ? [] : [username]),
  ...(email === undefined ? [] : [email]),
]

const suspected = ({ username, email, links }: LookUp, suspects: ReadonlySet<string>): LookUp => ({
  ...(username !== undefined && suspects.has(username) ? { username } : {}),
  ...(email !== undefined && suspects.has(email) ? { email } : {}),
  links,
})

const lookUpOne = async (
  realm: KeycloakRealm,
  subject: KnownSubject,
  lookUp: LookUp,
  signal: AbortSignal,
): Promise<KnownSubject> => {
  const { wanted } = subject
  const names = namesOf(lookUp).length
  if (wanted === undefined || names + lookUp.links.length === 0) return subject
  const began = performance.now()
  const holders = await findHolders(realm, { id: subject.id, ...lookUp }, signal)
  realm.names.spent(names, performance.now() - began)
  return withJudgement(subject, judgeHolders(wanted, holders, realm))
}

const withJudgement = (subject: KnownSubject, judged: Judgement): KnownSubject => {
  if (judged.kind === 'conflict') return { ...subject, conflict: judged.conflict }
  return judged.without === undefined ? subject : { ...subject, without: judged.without }
}
