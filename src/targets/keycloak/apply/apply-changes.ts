import type { Outcome } from '../../changes.ts'
import type { Patience, RunIdentity, Stoppable } from '../../target.ts'
import type { KeycloakChanges } from '../plan/plan-batch.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { KeycloakRealm } from '../realm.ts'
import { openBatch } from './batch-at-work.ts'
import { changeOne, freeFirst, removeOne } from './change-users.ts'
import { createUsers, newUsers } from './create-users.ts'
import { outcomeOf, rejected } from './outcome-of.ts'
import { settleAgain } from './settle-again.ts'
import { takeTurns } from './turns.ts'
import { freeingChanges } from './waiting-names.ts'

/**
 * Does what was planned, in an order in which names become free before others get them: removals, addresses and usernames that
 * are given up, new users, everything else. Reported is what Keycloak has confirmed.
 */
export const applyChanges = async (
  realm: KeycloakRealm,
  { planned: asPlanned }: KeycloakChanges,
  run: RunIdentity & Stoppable & Patience,
): Promise<readonly Outcome[]> => {
  const outcomes = new Map<string, Outcome>()
  const notAttempted = (): readonly Outcome[] =>
    asPlanned.map(
      ({ change: { mxid } }) => outcomes.get(mxid) ?? ({ mxid, outcome: 'not attempted', rows: [] } as const),
    )
  if (run.signal.aborted) return notAttempted()
  const { attributes } = realm.config
  const { defaultRole, defaultGroups } = await realm.about(run.signal)
  const writer = {
    serverName: realm.serverName,
    runId: run.runId,
    passwordDate: run.asOf,
    attributes,
    defaultRole,
    defaultGroups,
  }
  const turns = takeTurns(run, () => work.soFar())
  const work = openBatch({ realm, writer, signal: turns.finishing }, outcomes)
  try {
    // What is noted in the marks depends on the run.
    const planned = asPlanned.map((one) => (one.requests.kind === 'change' ? planSubject(one.subject, writer) : one))
    const of = (kind: PlannedSubject['requests']['kind']): readonly PlannedSubject[] =>
      planned.filter(({ requests }) => requests.kind === kind)
    const waiting = planned.filter(({ subject }) => subject.waits === true)
    for (const one of of('nothing')) if (!waiting.includes(one)) work.ends(one, outcomeOf(one.change))
    for (const one of planned) {
      if (one.requests.kind === 'refuse') work.ends(one, rejected(one.change.mxid, one.requests.words))
    }
    await turns.each(of('delete'), (one) => removeOne(work, one))
    const freeing = freeingChanges(planned)
    await turns.each(freeing.emails, (one) => freeFirst(work, one))
    for (const one of freeing.usernames) await turns.each([one], () => changeOne(work, one))
    const created = of('create').filter((one) => !waiting.includes(one))
    await turns.each(newUsers(created, work), (users) => createUsers(work, users))
    await turns.each(waiting, (one) => settleAgain(work, one, 'Another account got its address'))
    await turns.each(
      of('change').filter((one) => !work.hasEnded(one)),
      (one) => changeOne(work, one),
    )
    turns.end()
  } catch (error) {
    realm.unreported.fail()
    throw error
  } finally {
    turns.release()
  }
  const all = notAttempted()
  await realm.statistics.made(all.filter(({ outcome }) => outcome === 'created').length)
  realm.unreported.forget(all.map(({ mxid }) => mxid))
  return all
}
