import type { Outcome } from '../../changes.ts'
import { notAttempted, rejected } from '../../slow-road/outcome-of.ts'
import { takeTurns } from '../../slow-road/turns.ts'
import type { Patience, RunToTakeBack, Stoppable, Target } from '../../target.ts'
import { removalOf } from '../accounts/change-requests.ts'
import { MARKS, runsOf } from '../accounts/marks.ts'
import { ownUserOf } from '../accounts/ownership.ts'
import { linkedAwayTo } from '../accounts/plan-linked-away.ts'
import { type PlannedRollback, planRollback } from '../accounts/plan-rollback.ts'
import { userIdOf } from '../accounts/user-id.ts'
import { refusalIn } from '../apply/change-users.ts'
import { changeUser, removeUser } from '../apply/write-user.ts'
import { seeUser } from '../plan/see-users.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { type LastLooks, openLastLooks } from './last-looks.ts'
import { type WhoMayCome, whoMayCome } from './who-may-come.ts'

interface TakingBack {
  readonly runId: string
  readonly signal: AbortSignal
  readonly coming: WhoMayCome
  readonly looks: LastLooks
}

/**
 * Takes back what a run created of some accounts, as far as it is still as we wrote it. Each is read and taken back at once, so that
 * nobody has time to change what is about to go. Whoever a run of the same chain has found to have nothing of this one is not read again.
 */
export const openRollback = (tenant: Auth0Tenant): NonNullable<Target['rollback']> => {
  const looksAt = openLastLooks()
  return (run, stop) => rollBack(tenant, run, { ...stop, looks: looksAt(run.accounts) })
}

const rollBack = async (
  tenant: Auth0Tenant,
  { runId, accounts }: RunToTakeBack,
  { signal, enough, looks }: Stoppable & Patience & Pick<TakingBack, 'looks'>,
): Promise<readonly Outcome[]> => {
  const coming = await whoMayCome(tenant.imports, runId)
  const outcomes: Outcome[] = []
  const begun = new Set<string>()
  let attempted = 0
  const turns = takeTurns({ signal, ...(enough === undefined ? {} : { enough }) }, () => ({ attempted, rejected: 0 }))
  const taking: TakingBack = { runId, signal: turns.finishing, coming, looks }
  try {
    await turns.each(accounts, async (mxid) => {
      begun.add(mxid)
      const told = await takeBack(tenant, mxid, taking)
      if (told !== undefined) outcomes.push(told)
      attempted++
    })
    turns.end()
  } finally {
    turns.release()
  }
  // Whoever was not begun with is there as before: who is not told of would count as gone.
  signal.throwIfAborted()
  return [...outcomes, ...accounts.filter((mxid) => !begun.has(mxid)).map(notAttempted)]
}

const takeBack = async (
  tenant: Auth0Tenant,
  mxid: string,
  { runId, signal, coming, looks }: TakingBack,
): Promise<Outcome | undefined> => {
  const id = userIdOf(tenant.config.connection, mxid)
  const found = (runs: readonly string[]): void => {
    if (!coming.mayCome(id)) looks.set(id, runs)
  }
  if (!coming.mayCome(id) && looks.get(id)?.includes(runId) === false) return undefined
  looks.delete(id)
  const seen = await seeUser(tenant, { id }, signal)
  const words = coming.why(id)
  if (seen.present === undefined) {
    found([])
    return words === undefined ? undefined : rejected(mxid, words)
  }
  const user = ownUserOf(mxid, seen)
  const primaryId = linkedAwayTo(seen)
  if (primaryId !== undefined) return linkedAway(mxid, primaryId)
  if (user === undefined) return unknown(mxid)
  const planned = planRollback(user, runId)
  if (planned === undefined) {
    found(runsOf(user.marks))
    return undefined
  }
  const { requests } = planned
  if (requests.kind === 'change') return outcomeOf(planned, refusalIn(await changeUser(tenant, requests, signal)))
  if (requests.kind !== 'delete') return outcomeOf(planned, undefined)
  const refusal = refusalIn(await removeUser(tenant, removalOf(seen.present), signal))
  if (refusal === undefined) found([])
  return outcomeOf(planned, refusal ?? (words === undefined ? undefined : `It is deleted; ${words}`))
}

/** Its id is ours; what of it the run created, nobody knows any more. */
const unknown = (mxid: string): Outcome => ({
  mxid,
  outcome: 'unchanged',
  message: `${MARKS} in its app_metadata is not as syn2op wrote it: what of the account is the run's is not known`,
  rows: [],
})

/** What the run created is there, and whose it is now, nobody but the tenant's administrators knows. */
const linkedAway = (mxid: string, primaryId: string): Outcome => ({
  mxid,
  outcome: 'unchanged',
  message: `somebody has linked it to the user ${primaryId}, whom syn2op did not make: it stays, and so does its login`,
  rows: [],
})

const outcomeOf = ({ mxid, outcome, rows, words }: PlannedRollback, refusal: string | undefined): Outcome => {
  if (refusal !== undefined) return { mxid, outcome: 'rejected', message: refusal, rows: [] }
  return {
    mxid,
    outcome,
    rows,
    ...(outcome === 'unchanged' ? { message: words ?? 'changed or used at the target since' } : {}),
  }
}
