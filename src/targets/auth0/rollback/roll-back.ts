import type { Outcome } from '../../changes.ts'
import { takeTurns } from '../../slow-road/turns.ts'
import type { RunToTakeBack, Stoppable } from '../../target.ts'
import { removalOf } from '../accounts/change-requests.ts'
import { reimportRow } from '../accounts/import-row.ts'
import { MARKS } from '../accounts/marks.ts'
import { ownUserOf } from '../accounts/ownership.ts'
import { type PlannedRollback, planRollback } from '../accounts/plan-rollback.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { ReimportRequests } from '../accounts/user-requests.ts'
import { refusalIn } from '../apply/change-users.ts'
import { changeUser, removeUser } from '../apply/write-user.ts'
import { importFile } from '../jobs/import-file.ts'
import { FILE_BYTES, packRows } from '../jobs/pack.ts'
import { seeUser } from '../plan/see-users.ts'
import type { Auth0Tenant } from '../tenant.ts'

interface TakingBack {
  readonly runId: string
  readonly signal: AbortSignal
}

/** A user who is gone and is to be there again, without what the run added. */
interface Remade {
  readonly planned: PlannedRollback
  readonly requests: ReimportRequests
}

/**
 * Takes back what a run created of some accounts, as far as it is still as we wrote it. Each is read and taken back at once, so that
 * nobody has time to change what is about to go.
 */
export const rollBack = async (
  tenant: Auth0Tenant,
  { runId, accounts }: RunToTakeBack,
  { signal }: Stoppable,
): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = []
  const remade: Remade[] = []
  const turns = takeTurns({ signal }, () => ({ attempted: outcomes.length, rejected: 0 }))
  const taking: TakingBack = { runId, signal: turns.finishing }
  try {
    await turns.each(accounts, async (mxid) => {
      const told = await takeBack(tenant, mxid, taking)
      if (told === undefined) return
      if ('requests' in told) remade.push(told)
      else outcomes.push(told)
    })
    outcomes.push(...(await remake(tenant, remade, taking)))
    turns.end()
  } finally {
    turns.release()
  }
  // Whoever was not begun with is there as before: who is not told of would count as gone.
  signal.throwIfAborted()
  return outcomes
}

const takeBack = async (
  tenant: Auth0Tenant,
  mxid: string,
  { runId, signal }: TakingBack,
): Promise<Outcome | Remade | undefined> => {
  const seen = await seeUser(tenant, { id: userIdOf(tenant.config.connection, mxid) }, signal)
  if (seen.present === undefined) return undefined
  const user = ownUserOf(mxid, seen)
  if (user === undefined) return unknown(mxid)
  const planned = planRollback(user, runId)
  if (planned === undefined) return undefined
  const { requests } = planned
  if (requests.kind === 'change') return outcomeOf(planned, refusalIn(await changeUser(tenant, requests, signal)))
  if (requests.kind !== 'delete' && requests.kind !== 'reimport') return outcomeOf(planned, undefined)
  const refusal = refusalIn(await removeUser(tenant, removalOf(seen.present), signal))
  return refusal === undefined && requests.kind === 'reimport' ? { planned, requests } : outcomeOf(planned, refusal)
}

/** Its id is ours; what of it the run created, nobody knows any more. */
const unknown = (mxid: string): Outcome => ({
  mxid,
  outcome: 'unchanged',
  message: `${MARKS} in its app_metadata is not as syn2op wrote it: what of the account is the run's is not known`,
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

/** No password is sent: that is what they are made anew without. */
const remake = async (
  tenant: Auth0Tenant,
  remade: readonly Remade[],
  { runId, signal }: TakingBack,
): Promise<readonly Outcome[]> => {
  if (remade.length === 0) return []
  const { importing } = await tenant.about(signal)
  const runs = new Map(remade.map(({ requests }) => [requests.id, requests.marks.createdBy]))
  const rows = remade.map(({ requests }) => ({ id: requests.id, json: JSON.stringify(reimportRow(requests)) }))
  const { files } = packRows(rows, FILE_BYTES)
  const fates = await Promise.all(
    files.map((file, index) =>
      importFile(importing, file, {
        externalId: `${runId}.rollback.${index + 1}`,
        signal,
        mayBegin: () => true,
        sends: () => tenant.census.writes(),
        isOfRun: (user) => runs.has(user.id),
      }),
    ),
  )
  const byId = new Map(fates.flatMap((some) => [...some]))
  return remade.map(({ planned, requests }) => {
    const fate = byId.get(requests.id)
    if (fate === undefined) return outcomeOf(planned, 'it could not be imported again')
    return outcomeOf(planned, fate.kind === 'clash' || fate.kind === 'refused' ? fate.words : undefined)
  })
}
