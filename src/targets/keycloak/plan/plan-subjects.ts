import { eachAtMost } from '../../slow-road/each-at-most.ts'
import type { RunNames } from '../../slow-road/run-names.ts'
import { type Mover, type Need, type Standing, standingsOf } from '../../slow-road/standings.ts'
import { settleNames } from '../../slow-road/subject.ts'
import type { KeycloakRealm } from '../realm.ts'
import type { Headcount, LinkCounts } from './census.ts'
import { findHolders, type Holders, type LookUp } from './holders.ts'
import { type Held, heldNames, judgeClaimed, judgeHolders } from './judge-holders.ts'
import { givenUp, newNames } from './names.ts'
import { AT_ONCE } from './see-users.ts'
import type { KnownSubject, PlannedSubject } from './subject.ts'
import { mayGiveUp } from './whose.ts'

export interface Knowing {
  /** Which of these usernames and addresses are worth looking up: the others are nobody's. */
  readonly suspects: (names: readonly string[]) => Promise<ReadonlySet<string>>
  readonly links: LinkCounts
  /** `foreseen`: of two that want the same address the second does not get it. `awaited`: it may, once the first has been written. */
  readonly claims: 'foreseen' | 'awaited'
  readonly runNames: RunNames
  /** Whether everybody has had their turn but those who wait. */
  readonly isLast: boolean
  /** Links that are there may be two users' as well. */
  readonly asksPresentLinks: boolean
  readonly plan: (subject: KnownSubject) => PlannedSubject
  readonly signal: AbortSignal
}

/**
 * Plans accounts that are written together: who has the names and links that they are to get, whether those give them up, and what
 * the mapping says where they do not. In their order.
 */
export const planSubjects = async (
  realm: KeycloakRealm,
  subjects: readonly KnownSubject[],
  knowing: Knowing,
): Promise<readonly PlannedSubject[]> => {
  const unhindered = subjects.map(knowing.plan)
  const lookUps = await whatToLookUp(realm, unhindered, knowing)
  const movers = await eachAtMost(AT_ONCE, unhindered, async (planned, index): Promise<Moving> => {
    const { id, seen } = planned.subject
    const lookUp = lookUps[index] ?? { links: [] }
    const sharers = areSharersAsked(realm, knowing) ? (seen.sharers ?? []) : []
    const held = await lookUpOne(realm, { id, ...lookUp, sharers }, knowing.signal)
    return { planned, id, held, gives: new Set(givenUp(planned.requests, seen.present)), needs: held.map(needOf) }
  })
  function needOf(held: Held): Need {
    const { name, holder, isLeft } = held
    const isMovable = mayGiveUp(held, { serverName: realm.serverName, realm: realm.config.realm })
    const { isLast, runNames } = knowing
    return {
      name,
      holder: holder.id,
      isLeft,
      otherwise: isMovable ? runNames.standing({ id: holder.id, name, isLast }) : 'keeps',
    }
  }
  const standing = standingsOf(movers)
  return movers.map((one) => settled(realm, one, { ...knowing, standing: (held) => standing(needOf(held)) }))
}

interface Moving extends Mover {
  /** As if nothing were in its way. */
  readonly planned: PlannedSubject
  readonly held: readonly Held[]
}

const settled = (
  realm: KeycloakRealm,
  { planned, held, gives }: Moving,
  { standing, runNames, claims, isLast, plan }: Knowing & { readonly standing: (held: Held) => Standing },
): PlannedSubject => {
  const given = held.filter((one) => standing(one) === 'gives')
  const frees = given.flatMap(({ reason, holder }) => (reason === 'email_taken' ? [holder] : []))
  const linksOf = given.flatMap(({ link, holder }) => (link === undefined ? [] : [holder.id]))
  const subject: KnownSubject = { ...planned.subject, gives: [...gives], frees, linksOf }
  const { wanted, id, seen } = subject
  return settleNames(
    { ...planned, subject },
    {
      judged: wanted === undefined ? undefined : judgeHolders(wanted, held, standing),
      plan,
      claim: ({ requests }) => runNames.claim(newNames(requests, seen.present).email, id),
      claims,
      isLast,
      judgeClaimed: (without) => judgeClaimed(wanted, without, realm.conflicts),
    },
  )
}

const whatToLookUp = async (
  realm: KeycloakRealm,
  unhindered: readonly PlannedSubject[],
  knowing: Knowing,
): Promise<readonly LookUp[]> => {
  const { suspects, links } = knowing
  const all = unhindered.map(({ requests, subject }): LookUp => {
    const { present } = subject.seen
    const names = newNames(requests, present)
    const there = areSharersAsked(realm, knowing) ? presentLinks(subject) : []
    return { ...names, links: [...names.links, ...there].filter(({ alias }) => mayBeHeld(links.get(alias), present)) }
  })
  const worth = await suspects(all.flatMap(namesOf))
  return all.map(({ username, email, links: kept }) => ({
    ...(username !== undefined && worth.has(username) ? { username } : {}),
    ...(email !== undefined && worth.has(email) ? { email } : {}),
    links: kept,
  }))
}

const areSharersAsked = ({ conflicts }: KeycloakRealm, { asksPresentLinks }: Knowing): boolean =>
  asksPresentLinks && conflicts.identity !== 'leave'

/** Those that were read. */
const presentLinks = ({ wanted, seen: { present } }: KnownSubject): LookUp['links'] =>
  (wanted?.links ?? []).filter((link) =>
    present?.links?.some(({ alias, subject }) => alias === link.alias && subject === link.subject),
  )

/**
 * Keycloak takes the same identity for two users without a word. Of somebody new it can be another's unless we have written all
 * links to this provider in this very run.
 */
const mayBeHeld = (count: Headcount | undefined, present: KnownSubject['seen']['present']): boolean =>
  count !== undefined && count.all > (present === undefined ? count.ours : 0)

const namesOf = ({ username, email }: LookUp): readonly string[] => [
  ...(username === undefined ? [] : [username]),
  ...(email === undefined ? [] : [email]),
]

const lookUpOne = async (
  realm: KeycloakRealm,
  { id, sharers, ...lookUp }: LookUp & { readonly id: string; readonly sharers: Holders['links'] },
  signal: AbortSignal,
): Promise<readonly Held[]> => {
  const names = namesOf(lookUp).length
  if (names + lookUp.links.length === 0) return heldNames({ links: sharers }, realm.conflicts)
  const began = performance.now()
  const { links, ...holders } = await findHolders(realm, { id, ...lookUp }, signal)
  realm.names.spent(names, performance.now() - began)
  return heldNames({ ...holders, links: [...links, ...sharers] }, realm.conflicts)
}
