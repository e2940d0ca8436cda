import type { Batch } from '../../batch.ts'
import type { Changes } from '../../changes.ts'
import type { RunNames } from '../../slow-road/run-names.ts'
import { noteGiven } from '../../slow-road/subject.ts'
import type { Thoroughness } from '../../target.ts'
import { userIdOf } from '../accounts/user-id.ts'
import { wantedUser } from '../accounts/wanted-user.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { planSubjects } from './plan-subjects.ts'
import { seeGiven } from './see-given.ts'
import { censusFor, type Looking, seeUsers } from './see-users.ts'
import { type Auth0Subject, type KnownSubject, type PlannedSubject, planSubject } from './subject.ts'

export interface Auth0Changes extends Changes {
  /** In the order of the batch. */
  readonly planned: readonly PlannedSubject[]
  readonly runNames: RunNames
  /** Whether everybody has had their turn but those who wait. */
  readonly isLast: boolean
}

/** What a batch would do to a tenant. */
export const planBatch = async (
  tenant: Auth0Tenant,
  batch: Batch,
  { last, ...looking }: Looking & Pick<Thoroughness, 'last'>,
): Promise<Auth0Changes> => {
  const { config, serverName } = tenant
  const { signal, depth } = looking
  const waitedBefore = tenant.waited()
  const accounts = new Map((await batch.read()).map((account) => [account.mxid, account]))
  signal.throwIfAborted()
  const { rules } = await tenant.about(signal)
  const subjects = batch.accounts.map((decision): Auth0Subject => {
    const account = decision.decision === 'migrate' ? accounts.get(decision.mxid) : undefined
    const id = userIdOf(config.connection, decision.mxid)
    return { decision, id, ...(account === undefined ? {} : { wanted: wantedUser(account, rules) }) }
  })
  // Which run writes is not known yet, and changes nothing but the marks.
  const plan = (subject: KnownSubject): PlannedSubject => planSubject(subject, { serverName, runId: '' })
  const census = await censusFor(tenant, looking)
  const found = await seeUsers(tenant, subjects, { ...looking, census, plan })
  const known = await seeGiven(tenant, found, { plan, signal })
  const runNames = depth === 'quick' ? tenant.runNames.quick : tenant.runNames.thorough
  const isLast = last === true
  const planned = planSubjects(tenant, known, {
    census,
    takes: rules.takes,
    claims: 'foreseen',
    runNames,
    isLast,
    plan,
  })
  // A plan is all there will be of it; in a run, writing tells.
  if (depth !== 'quick') for (const one of planned) noteGiven(runNames, one)
  return {
    batch: batch.ordinal,
    accounts: planned.map(({ change }) => change),
    planned,
    runNames,
    isLast,
    discard: async () => {},
    waited: () => {
      const { network, quota } = tenant.waited()
      return { network: network - waitedBefore.network, quota: quota - waitedBefore.quota }
    },
  }
}
