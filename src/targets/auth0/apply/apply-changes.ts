import type { Outcome } from '../../changes.ts'
import { outcomeOf } from '../../slow-road/outcome-of.ts'
import { takeTurns } from '../../slow-road/turns.ts'
import type { Patience, RunIdentity, Stoppable } from '../../target.ts'
import type { Auth0Changes } from '../plan/plan-batch.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { type Again, openBatch } from './batch-at-work.ts'
import { changeOne, endsRefused } from './change-users.ts'
import { createUsers } from './create-users.ts'
import { freeNames } from './free-names.ts'
import { linkToProvision } from './provisioning-of.ts'
import { remakeUsers } from './remake-users.ts'
import { renewPasswords } from './renew-passwords.ts'
import { settleAgain } from './settle-again.ts'
import { freeingChanges } from './waiting-names.ts'

/** How often those are looked at anew who met somebody: two of them may have been in each other's way. */
const ROUNDS = 2

/**
 * Does what was planned, in an order in which names become free before others get them: removals, names that are given up, other
 * passwords, users made anew, new users, everything else, and then those who met somebody. Reported is what Auth0 has confirmed.
 */
export const applyChanges = async (
  tenant: Auth0Tenant,
  { planned: asPlanned, batch, runNames, isLast }: Auth0Changes,
  run: RunIdentity & Stoppable & Patience,
): Promise<readonly Outcome[]> => {
  const { unreported } = tenant
  const outcomes = new Map<string, Outcome>()
  const inOrder = (): readonly Outcome[] =>
    asPlanned.map(({ change: { mxid } }) => {
      // A job that was begun goes on, whoever follows it.
      const unclear = unreported.isTouched(mxid) ? ({ unclear: true } as const) : {}
      return outcomes.get(mxid) ?? ({ mxid, outcome: 'not attempted', rows: [], ...unclear } as const)
    })
  if (run.signal.aborted) return inOrder()
  const about = await tenant.about(run.signal)
  await openScim(tenant, asPlanned, run.signal)
  const writer = { serverName: tenant.serverName, runId: run.runId }
  const turns = takeTurns(run, () => work.soFar())
  const given = { tenant, about, writer, ordinal: batch, signal: turns.finishing, stop: run.signal, runNames, isLast }
  const work = openBatch(given, outcomes)
  try {
    // What is noted in the marks depends on the run.
    const planned = asPlanned.map((one) => (isMarked(one) ? planSubject(one.subject, writer) : one))
    const [waiting, able] = [planned.filter(isWaiting), planned.filter((one) => !isWaiting(one))]
    const of = (kind: PlannedSubject['requests']['kind']): readonly PlannedSubject[] =>
      able.filter(({ requests }) => requests.kind === kind)
    for (const one of of('nothing')) work.ends(one, outcomeOf(one.change))
    for (const one of able) if (one.requests.kind === 'refuse') endsRefused(work, one, one.requests.words)
    const change = (one: PlannedSubject): Promise<void> => changeOne(work, one)
    await turns.each(of('delete'), change)
    const { steps, ring, wanted } = freeingChanges(able)
    for (const step of steps) await turns.each(step, change)
    await turns.each(ring, (one) => freeNames(work, one, wanted))
    await renewPasswords(work, of('rehash'), { turns, part: '' })
    await remakeUsers(work, of('reimport'), { turns, part: 'r' })
    await createUsers(work, of('create'), { turns, part: '' })
    const written = new Set(steps.flat())
    await turns.each(
      of('change').filter((one) => !written.has(one)),
      change,
    )
    for (const one of waiting) work.looksAgain({ planned: one, words: 'Another account got its address' })
    for (let round = 1; round <= ROUNDS; round++) {
      await turns.each([work.takeAgain()], (again) => settleAgain(work, again, { turns, part: `again${round}.` }))
    }
    if (turns.mayBegin()) for (const one of work.takeAgain()) endsRefused(work, one.planned, wordsOf(one))
    turns.end()
  } catch (error) {
    unreported.fail()
    throw error
  } finally {
    turns.release()
  }
  const all = inOrder()
  unreported.forget(all.filter((one) => !isLate(one)).map(({ mxid }) => mxid))
  // What was written of them for others is told when they have had their turn.
  unreported.undo(all.filter(isLate).map(({ mxid }) => mxid))
  return all
}

/** Users whom no export tells of, and whose names are taken all the same, are known of connections that were filled in two ways. */
const wordsOf = ({ words, isClash }: Again): string =>
  isClash === true ? `${words}; who has its id or one of its names, Auth0 does not tell` : words

/** Where nobody can be made by SCIM, nothing is begun. */
const openScim = async (
  { scim }: Auth0Tenant,
  planned: readonly PlannedSubject[],
  signal: AbortSignal,
): Promise<void> => {
  const connections = new Set(planned.flatMap(({ requests }) => linkToProvision(requests)?.connection ?? []))
  for (const connection of connections) await scim.of(connection, signal)
}

const isWaiting = ({ subject }: PlannedSubject): boolean => subject.waits !== undefined

const isMarked = ({ requests }: PlannedSubject): boolean =>
  requests.kind === 'change' || requests.kind === 'rehash' || requests.kind === 'reimport'

const isLate = ({ outcome }: Outcome): boolean => outcome === 'not attempted'
