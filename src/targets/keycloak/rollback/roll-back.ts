import type { Outcome } from '../../changes.ts'
import { notAttempted } from '../../slow-road/outcome-of.ts'
import { takeTurns } from '../../slow-road/turns.ts'
import type { Patience, RunToTakeBack, Stoppable } from '../../target.ts'
import { isAsWritten, type OwnUser } from '../accounts/as-written.ts'
import { runsOf } from '../accounts/marks.ts'
import { marksOf, ownUserOf } from '../accounts/ownership.ts'
import { type PlannedRollback, planRollback } from '../accounts/plan-rollback.ts'
import { userIdOf } from '../accounts/user-id.ts'
import { MARKS } from '../accounts/user-rules.ts'
import { credentialsOf, deleteUser, userById, usersByIds, type WriteAnswer } from '../api/users-api.ts'
import { tryAgain } from '../apply/try-again.ts'
import { changeUser } from '../apply/write-user.ts'
import { lastLook } from '../plan/see-users.ts'
import type { KeycloakRealm } from '../realm.ts'

type Realm = Pick<KeycloakRealm, 'api' | 'config' | 'reading' | 'writing'>

/** Somebody of whom the run may have created something. */
interface Candidate {
  readonly mxid: string
  readonly id: string
}

/**
 * Users in a second: from two busy cores for Keycloak and its database to more than are needed. Most of it is Keycloak's own work
 * on deleting one.
 */
export const ROLLBACK_PACE = { least: 10, most: 80 } as const

/**
 * Takes back what a run created of some accounts, as far as it is still as we wrote it. One after the other, each read and taken
 * back at once, so that nobody has time to change what is about to go.
 */
export const rollBack = async (
  realm: Realm,
  { runId, accounts }: RunToTakeBack,
  { signal, enough }: Stoppable & Patience,
): Promise<readonly Outcome[]> => {
  const byId = new Map(accounts.map((mxid) => [userIdOf(realm.config.realm, mxid), mxid]))
  const outcomes: Outcome[] = []
  const candidates: Candidate[] = []
  for (const [id, present] of await usersByIds(realm.api, [...byId.keys()], signal)) {
    const mxid = byId.get(id)
    if (mxid === undefined) continue
    const marks = marksOf(present, mxid)
    if (marks === undefined) outcomes.push(unknown(mxid))
    else if (runsOf(marks).includes(runId)) candidates.push({ mxid, id })
  }
  const begun = new Set<Candidate>()
  let attempted = accounts.length - candidates.length
  const turns = takeTurns({ signal, ...(enough === undefined ? {} : { enough }) }, () => ({ attempted, rejected: 0 }))
  try {
    await turns.each(candidates, async (one) => {
      begun.add(one)
      const outcome = await takeBack(realm, one, { runId, signal: turns.finishing })
      if (outcome !== undefined) outcomes.push(outcome)
      attempted++
    })
    turns.end()
  } finally {
    turns.release()
  }
  // Whoever was not begun with is there as before: who is not told of would count as gone.
  signal.throwIfAborted()
  const left = candidates.filter((one) => !begun.has(one)).map(({ mxid }) => notAttempted(mxid))
  return [...outcomes, ...left]
}

/** Its id is ours; what of it the run created, nobody knows any more. */
const unknown = (mxid: string): Outcome => ({
  mxid,
  outcome: 'unchanged',
  message: `its attribute ${MARKS.written} is not as syn2op wrote it: what of the account is the run's is not known`,
  rows: [],
})

interface TakingBack {
  readonly runId: string
  readonly signal: AbortSignal
}

const takeBack = async (
  realm: Realm,
  { mxid, id }: Candidate,
  { runId, signal }: TakingBack,
): Promise<Outcome | undefined> => {
  const user = await seeOwnUser(realm, { mxid, id }, signal)
  if (user === undefined) return undefined
  if (user === 'unknown') return unknown(mxid)
  const planned = planRollback(user, runId, realm.config.attributes)
  if (planned === undefined) return undefined
  const { outcome, rows } = planned
  const answer = await send(realm, planned, signal)
  if (answer.kind === 'clash' || answer.kind === 'refused') {
    return { mxid, outcome: 'rejected', message: answer.words, rows: [] }
  }
  return { mxid, outcome, rows, ...(outcome === 'unchanged' ? { message: 'changed or used at the target since' } : {}) }
}

/** Undefined where there is nobody any more. */
const seeOwnUser = async (
  { api, reading, config }: Realm,
  { mxid, id }: Candidate,
  signal: AbortSignal,
): Promise<OwnUser | 'unknown' | undefined> => {
  const [present, credentials] = await Promise.all([
    reading(() => userById(api, id, signal)),
    reading(() => credentialsOf(api, id, signal)),
  ])
  if (present === undefined) return undefined
  const user = ownUserOf(mxid, { present, ...credentials })
  if (user === undefined) return 'unknown'
  if (!isAsWritten(user, config.attributes)) return user
  return { ...user, ...(await lastLook({ api, reading }, id, signal)) }
}

const send = async (realm: Realm, { requests }: PlannedRollback, signal: AbortSignal): Promise<WriteAnswer> => {
  switch (requests.kind) {
    case 'delete':
      return remove(realm, requests.id, signal)
    case 'change':
      return changeUser(realm, requests, signal)
    case 'create':
    case 'nothing':
    case 'refuse':
      return { kind: 'done' }
  }
}

/** After failures of the server's the user may be gone all the same. */
const remove = async ({ api, writing, reading }: Realm, id: string, signal: AbortSignal): Promise<WriteAnswer> => {
  const answer = await tryAgain(() => writing(() => deleteUser(api, id, signal)), signal)
  if (answer.kind !== 'refused') return answer
  const isThere = (await reading(() => userById(api, id, signal))) !== undefined
  return isThere ? answer : { kind: 'done' }
}
