import type { Batch } from '../../batch.ts'
import type { Changes } from '../../changes.ts'
import { userIdOf } from '../accounts/user-id.ts'
import { wantedUser } from '../accounts/wanted-user.ts'
import type { KeycloakRealm } from '../realm.ts'
import { knowSubjects } from './know-subjects.ts'
import { type Looking, seeUsers } from './see-users.ts'
import { type PlannedSubject, planSubject, type Subject } from './subject.ts'

export interface KeycloakChanges extends Changes {
  /** In the order of the batch. */
  readonly planned: readonly PlannedSubject[]
}

/** What a batch would do to a realm. Which run does it is not known yet, and changes nothing but the marks. */
export const planBatch = async (realm: KeycloakRealm, batch: Batch, looking: Looking): Promise<KeycloakChanges> => {
  const { config, serverName, api } = realm
  const { signal, depth } = looking
  const waitedBefore = api.waited()
  const accounts = new Map((await batch.read()).map((account) => [account.mxid, account]))
  signal.throwIfAborted()
  const subjects = batch.accounts.map((decision): Subject => {
    const account = decision.decision === 'migrate' ? accounts.get(decision.mxid) : undefined
    const id = userIdOf(config.realm, decision.mxid)
    return { decision, id, ...(account === undefined ? {} : { wanted: wantedUser(account, config) }) }
  })
  const first = await realm.census.first(signal)
  const isNew = depth === 'quick' && first.ours === 0 && !realm.unreported.hasFailed()
  const seen = isNew ? new Map() : await seeUsers(realm, subjects, looking)
  const census = depth === 'quick' ? first : await realm.census.now(signal)
  const known = await knowSubjects(realm, subjects, seen, { ...looking, census })
  const writer = { serverName, runId: '', passwordDate: 0, attributes: config.attributes }
  const planned = known.map((subject) => planSubject(subject, writer))
  return {
    batch: batch.ordinal,
    accounts: planned.map(({ change }) => change),
    planned,
    discard: async () => {},
    waited: () => ({ network: api.waited() - waitedBefore }),
  }
}
