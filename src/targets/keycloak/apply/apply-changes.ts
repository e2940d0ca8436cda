import type { Outcome } from '../../changes.ts'
import type { Patience, RunIdentity, Stoppable } from '../../target.ts'
import type { KeycloakChanges } from '../plan/plan-batch.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { KeycloakRealm } from '../realm.ts'
import { openBatch } from './batch-at-work.ts'
import { changeOne } from './change-users.ts'
import { createUsers, newUsers } from './create-users.ts'
import { freeEmail } from './free-email.ts'
import { outcomeOf, rejected } from './outcome-of.ts'
import { settleAgain } from './settle-again.ts'
import { takeTurns } from './turns.ts'
import { freeingChanges } from './waiting-names.ts'

/**
 * Does what was planned, in an order in which names become free before others get them: removals, usernames and addresses that
 * are given up, new users, everything else, and then those who met somebody. Reported is what Keycloak has confirmed.
 */
export const applyChanges = async (
  realm: KeycloakRealm,
  { planned: asPlanned, runNames, isLast }: KeycloakChanges,
  run: RunIdentity & Stoppable & Patience,
): Promise<readonly Outcome[]> => {
  const outcomes = new Map<string, Outcome>()
  const notAttempted = (): readonly Outcome[] =>
    asPlanned.map(({ change: { mxid } }) => {
      const unclear = realm.unreported.isTouched(mxid) ? ({ unclear: true } as const) : {}
      return outcomes.get(mxid) ?? ({ mxid, outcome: 'not attempted', rows: [], ...unclear } as const)
    })
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
  const work = openBatch({ realm, writer, signal: turns.finishing, runNames, isLast }, outcomes)
  try {
    // What is noted in the marks depends on the run.
    const planned = asPlanned.map((one) => (one.requests.kind === 'change' ? planSubject(one.subject, writer) : one))
    const [waiting, able] = [planned.filter(isWaiting), planned.filter((one) => !isWaiting(one))]
    const of = (kind: PlannedSubject['requests']['kind']): readonly PlannedSubject[] =>
      able.filter(({ requests }) => requests.kind === kind)
    for (const one of of('nothing')) work.ends(one, outcomeOf(one.change))
    for (const one of able) {
      if (one.requests.kind === 'refuse') work.ends(one, rejected(one.change.mxid, one.requests.words))
    }
    await turns.each(of('delete'), (one) => changeOne(work, one))
    const freeing = freeingChanges(able)
    for (const one of freeing.usernames) await turns.each([one], () => changeOne(work, one))
    for (const step of freeing.steps) await turns.each(step, (one) => changeOne(work, one))
    await turns.each(freeing.ring, (user) => freeEmail(work, user))
    await turns.each(newUsers(of('create'), work), (users) => createUsers(work, users))
    const written = new Set([...freeing.usernames, ...freeing.steps.flat()])
    await turns.each(
      of('change').filter((one) => !written.has(one)),
      (one) => changeOne(work, one),
    )
    for (const one of waiting) work.looksAgain({ planned: one, words: 'Another account got its address' })
    await turns.each(work.takeAgain(), (one) => settleAgain(work, one, { isFinal: false }))
    // Two of them may have been in each other's way.
    for (const one of work.takeAgain()) await turns.each([one], () => settleAgain(work, one, { isFinal: true }))
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

const isWaiting = ({ subject }: PlannedSubject): boolean => subject.waits !== undefined
