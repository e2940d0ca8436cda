import type { Outcome } from '../../changes.ts'
import { outcomeOf, rejected } from '../../slow-road/outcome-of.ts'
import { takeTurns } from '../../slow-road/turns.ts'
import type { Patience, RunIdentity, Stoppable } from '../../target.ts'
import type { KeycloakChanges } from '../plan/plan-batch.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { KeycloakRealm } from '../realm.ts'
import { type Again, openBatch } from './batch-at-work.ts'
import { changeOne } from './change-users.ts'
import { createUsers, newUsers } from './create-users.ts'
import { freeEmail } from './free-email.ts'
import { openHeirs } from './link-heirs.ts'
import { settleAgain } from './settle-again.ts'
import { freeingChanges } from './waiting-names.ts'

/**
 * Does what was planned, in an order in which names become free before others get them: removals, usernames and addresses that
 * are given up, new users, everything else, then links that others of the batch have given up, and then those who met somebody. Reported is what Keycloak has confirmed.
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
  const work = openBatch({ realm, writer, signal: turns.finishing, runNames, isLast }, asPlanned, outcomes)
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
    const heirs = openHeirs(work, planned)
    const change = (one: PlannedSubject): Promise<void> => (heirs.has(one) ? heirs.begin(one) : changeOne(work, one))
    const freeing = freeingChanges(able)
    for (const one of freeing.usernames) await turns.each([one], () => change(one))
    for (const step of freeing.steps) await turns.each(step, change)
    await turns.each(freeing.ring, (user) => freeEmail(work, user))
    const creates = of('create')
    const firstCreates = creates.filter((one) => !heirs.has(one))
    await turns.each(newUsers(firstCreates, work), (users) => createUsers(work, users))
    const written = new Set([...freeing.usernames, ...freeing.steps.flat()])
    await turns.each(
      of('change').filter((one) => !written.has(one)),
      change,
    )
    await turns.each(heirs.begun(), (one) => heirs.finish(one))
    const lastCreates = creates.filter((one) => heirs.has(one))
    await turns.each(newUsers(heirs.able(lastCreates), work), (users) => createUsers(work, users))
    for (const one of waiting) work.looksAgain({ planned: one, words: 'Another account got its address' })
    await turns.each(work.takeAgain(), (one) => settleAgain(work, one, { isFinal: false }))
    // Two of them may have been in each other's way.
    for (const one of work.takeAgain().toSorted(heirsLast))
      await turns.each([one], () => settleAgain(work, one, { isFinal: true }))
    turns.end()
  } catch (error) {
    realm.unreported.fail()
    throw error
  } finally {
    turns.release()
  }
  const all = notAttempted()
  await realm.statistics.made(all.filter(({ outcome }) => outcome === 'created').length)
  const [late, ended] = [all.filter(isLate), all.filter((one) => !isLate(one))]
  realm.unreported.forget(ended.map(({ mxid }) => mxid))
  // What was written of them for others is told when they have had their turn.
  realm.unreported.undo(late.map(({ mxid }) => mxid))
  return all
}

const isWaiting = ({ subject }: PlannedSubject): boolean => subject.waits !== undefined

const isLate = ({ outcome }: Outcome): boolean => outcome === 'not attempted'

const heirsLast = (one: Again, other: Again): number => linksOf(one) - linksOf(other)

const linksOf = ({ planned: { subject } }: Again): number => subject.linksOf?.length ?? 0
