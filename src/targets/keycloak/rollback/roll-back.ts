import type { Outcome } from '../../changes.ts'
import type { Stoppable } from '../../target.ts'
import { decodeMarks } from '../accounts/marks.ts'
import { type PlannedRollback, planRollback } from '../accounts/plan-rollback.ts'
import { userIdOf } from '../accounts/user-id.ts'
import { MARKS } from '../accounts/user-rules.ts'
import { attributeQuery, deleteUser, pageOfUsers, passwordOf, userById, type WriteAnswer } from '../api/users-api.ts'
import { tryAgain } from '../apply/try-again.ts'
import { changeUser } from '../apply/write-user.ts'
import type { KeycloakRealm } from '../realm.ts'

const PAGE = 1000

/** Takes back what a run created, as far as it is still as we wrote it. */
export const rollBack = async (
  realm: KeycloakRealm,
  runId: string,
  { signal }: Stoppable,
): Promise<readonly Outcome[]> => {
  const ids = await usersOfRun(realm, runId, signal)
  const outcomes: Outcome[] = []
  await Promise.all(
    ids.map(async (id) => {
      const outcome = await takeBack(realm, id, runId, signal)
      if (outcome !== undefined) outcomes.push(outcome)
    }),
  )
  return outcomes
}

/** All before the first is removed: pages shift when users go. */
const usersOfRun = async ({ api }: KeycloakRealm, runId: string, signal: AbortSignal): Promise<readonly string[]> => {
  const ids: string[] = []
  for (;;) {
    const query = { q: attributeQuery(MARKS.run, runId), first: ids.length, max: PAGE, brief: true }
    const page = await pageOfUsers(api, query, signal)
    ids.push(...page.map(({ id }) => id))
    if (page.length < PAGE) return ids
  }
}

const takeBack = async (
  realm: KeycloakRealm,
  id: string,
  runId: string,
  signal: AbortSignal,
): Promise<Outcome | undefined> => {
  const { api, reading } = realm
  const present = await reading(() => userById(api, id, signal))
  if (present === undefined) return undefined
  const password = await reading(() => passwordOf(api, id, signal))
  const marks = decodeMarks(present.attributes[MARKS.written] ?? [])
  // Without marks of its own it is not ours, whatever else it says.
  if (marks === undefined || userIdOf(realm.config.realm, marks.mxid) !== id) return undefined
  const user = { present, marks, ...(password === undefined ? {} : { password }) }
  const planned = planRollback(user, runId, realm.config.attributes)
  if (planned === undefined) return undefined
  const { mxid, outcome, rows } = planned
  const answer = await send(realm, planned, signal)
  if (answer.kind === 'clash' || answer.kind === 'refused') {
    return { mxid, outcome: 'rejected', message: answer.words, rows: [] }
  }
  return { mxid, outcome, rows, ...(outcome === 'unchanged' ? { message: 'changed at the target since' } : {}) }
}

const send = async (realm: KeycloakRealm, { requests }: PlannedRollback, signal: AbortSignal): Promise<WriteAnswer> => {
  switch (requests.kind) {
    case 'delete':
      return tryAgain(() => realm.writing(() => deleteUser(realm.api, requests.id, signal)), signal)
    case 'change':
      return changeUser(realm, requests, signal)
    case 'create':
    case 'nothing':
    case 'refuse':
      return { kind: 'done' }
  }
}
