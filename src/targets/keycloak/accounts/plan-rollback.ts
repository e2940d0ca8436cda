import type { RowChanges } from '../../changes.ts'
import { countRows, type PlannedRow } from '../../row-changes.ts'
import type { RowMark } from '../../rows/row-mark.ts'
import { mayGo, type OwnUser, rowsAsWritten, settledUser } from './as-written.ts'
import { changeRequests } from './change-requests.ts'
import { linkDigest, presentProfile, threepidDigest } from './digests.ts'
import { type Marks, runsOf } from './marks.ts'
import { isPasswordUnused } from './plan-password.ts'
import { heldThreepids } from './plan-threepids.ts'
import type { UserRequests } from './user-requests.ts'
import type { AttributeNames } from './user-rules.ts'

/** What of a run is taken back of one user. */
export interface PlannedRollback {
  readonly mxid: string
  /** `unchanged`: somebody has changed it since. */
  readonly outcome: 'removed' | 'unchanged'
  readonly rows: readonly RowChanges[]
  readonly requests: UserRequests
}

/**
 * Takes back what a run created: the user with all of it, later runs' rows too, or the rows that the run added to a user of an
 * earlier one. Either as a whole, where all of it is as we wrote it and unused, or not at all.
 * @param user with its links and its credentials; with its roles, its groups and whether it is in use where it is to be deleted
 * @returns undefined where the run created nothing of it
 */
export const planRollback = (user: OwnUser, runId: string, names: AttributeNames): PlannedRollback | undefined =>
  user.marks.createdBy === runId ? wholeUser(user, names) : rowsOfRun(user, runId, names)

const wholeUser = (user: OwnUser, names: AttributeNames): PlannedRollback => {
  const rows = rowsAsWritten(user, names)
  const { mxid } = user.marks
  if (mayGo(user, names)) {
    return { mxid, outcome: 'removed', rows: countRows(rows), requests: { kind: 'delete', id: user.present.id } }
  }
  return kept(mxid, rows)
}

const kept = (mxid: string, rows: readonly PlannedRow[]): PlannedRollback => ({
  mxid,
  outcome: 'unchanged',
  rows: countRows(rows.map(({ relation }) => ({ relation, action: 'theirs' }))),
  requests: { kind: 'nothing' },
})

const rowsOfRun = (found: OwnUser, runId: string, names: AttributeNames): PlannedRollback | undefined => {
  if (!runsOf(found.marks).includes(runId)) return undefined
  const { present, password, marks } = settledUser(found)
  const { mxid } = marks
  const isOfRun = ({ run }: RowMark): boolean => run === runId
  const held = heldThreepids(present, names)
  const added = {
    threepids: new Set(marks.threepids.filter(isOfRun).map(({ digest }) => digest)),
    links: new Set(marks.links.filter(isOfRun).map(({ digest }) => digest)),
    password: marks.password !== undefined && isOfRun(marks.password) ? marks.password : undefined,
  }
  const links = (present.links ?? []).filter((link) => added.links.has(linkDigest(mxid, link)))
  const isThreepidOfRun = (one: (typeof held)[number]): boolean => added.threepids.has(threepidDigest(mxid, one))
  const isPasswordAsWritten =
    added.password === undefined || (password !== undefined && isPasswordUnused(password, added.password))
  const rows: readonly PlannedRow[] = [
    ...(added.password === undefined ? [] : [{ relation: 'password', action: 'remove' } as const]),
    ...Array.from(added.threepids, () => ({ relation: 'threepid', action: 'remove' }) as const),
    ...Array.from(added.links, () => ({ relation: 'external_id', action: 'remove' }) as const),
  ]
  const areAddressesAsWritten = held.filter(isThreepidOfRun).length === added.threepids.size
  if (!isPasswordAsWritten || !areAddressesAsWritten || links.length !== added.links.size) return kept(mxid, rows)
  const { password: ofPassword, ...others } = marks
  const left: Marks = {
    ...others,
    ...(ofPassword === undefined || isOfRun(ofPassword) ? {} : { password: ofPassword }),
    threepids: marks.threepids.filter((mark) => !isOfRun(mark)),
    links: marks.links.filter((mark) => !isOfRun(mark)),
  }
  return {
    mxid,
    outcome: 'removed',
    rows: countRows(rows),
    requests: changeRequests(
      {
        present,
        before: marks,
        to: { fields: presentProfile(present), held: held.filter((one) => !isThreepidOfRun(one)), marks: left },
        removeLinks: links,
        addLinks: [],
        removePassword: added.password === undefined ? undefined : password?.id,
      },
      names,
    ),
  }
}
