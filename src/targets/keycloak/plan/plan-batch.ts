import type { Batch } from '../../batch.ts'
import type { Changes } from '../../changes.ts'
import type { RunNames } from '../../slow-road/run-names.ts'
import { noteGiven } from '../../slow-road/subject.ts'
import type { Thoroughness } from '../../target.ts'
import type { UserSeen } from '../accounts/ownership.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { Writer } from '../accounts/user-import.ts'
import { wantedUser } from '../accounts/wanted-user.ts'
import type { KeycloakRealm } from '../realm.ts'
import { foreign } from './census.ts'
import { planSubjects } from './plan-subjects.ts'
import { type Looking, seeUsers } from './see-users.ts'
import { type KeycloakSubject, type KnownSubject, type PlannedSubject, planSubject } from './subject.ts'

export interface KeycloakChanges extends Changes {
  /** In the order of the batch. */
  readonly planned: readonly PlannedSubject[]
  readonly runNames: RunNames
  /** Whether everybody has had their turn but those who wait. */
  readonly isLast: boolean
}

/** Which run writes is not known yet, and changes nothing but the marks. */
const NO_RUN = { runId: '', passwordDate: 0 }

/** What a batch would do to a realm. */
export const planBatch = async (
  realm: KeycloakRealm,
  batch: Batch,
  { last, ...looking }: Looking & Pick<Thoroughness, 'last'>,
): Promise<KeycloakChanges> => {
  const { config, serverName, api } = realm
  const { signal, depth } = looking
  const waitedBefore = api.waited()
  const accounts = new Map((await batch.read()).map((account) => [account.mxid, account]))
  signal.throwIfAborted()
  const subjects = batch.accounts.map((decision): KeycloakSubject => {
    const account = decision.decision === 'migrate' ? accounts.get(decision.mxid) : undefined
    const id = userIdOf(config.realm, decision.mxid)
    return { decision, id, ...(account === undefined ? {} : { wanted: wantedUser(account, config) }) }
  })
  const first = await realm.census.first(signal)
  const isNew = depth === 'quick' && first.ours === 0 && !realm.unreported.hasFailed()
  const seen: ReadonlyMap<string, UserSeen> = isNew ? new Map() : await seeUsers(realm, subjects, looking)
  const writer: Writer = { serverName, ...NO_RUN, attributes: config.attributes }
  const runNames = realm.runNames[depth]
  const isLast = last === true
  const known = subjects.map((subject): KnownSubject => ({ ...subject, seen: seen.get(subject.id) ?? {} }))
  const planned = await planSubjects(realm, known, {
    suspects: await suspectsOf(realm, looking),
    links: subjects.some(({ wanted }) => wanted?.links.length) ? await realm.census.links(signal) : new Map(),
    asksPresentLinks: depth === 'thorough',
    claims: 'foreseen',
    runNames,
    isLast,
    plan: (subject) => planSubject(subject, writer),
    signal,
  })
  // A plan is all there will be of it; in a run, writing tells.
  if (depth === 'thorough') for (const one of planned) noteGiven(runNames, one)
  return {
    batch: batch.ordinal,
    accounts: planned.map(({ change }) => change),
    planned,
    runNames,
    isLast,
    discard: async () => {},
    waited: () => ({ network: api.waited() - waitedBefore }),
  }
}

/** A write tells of names by itself, of links it does not. What another of ours has is asked for by the thorough only. */
const suspectsOf = async (
  realm: KeycloakRealm,
  { depth, signal }: Looking,
): Promise<(names: readonly string[]) => Promise<ReadonlySet<string>>> => {
  const census = await (depth === 'quick' ? realm.census.first(signal) : realm.census.now(signal))
  const isAsked = depth === 'thorough' || (foreign(census) > 0 && realm.names.isWorthIt(census))
  return async (names) => (isAsked ? realm.names.suspects(names, census, signal) : new Set())
}
