import type { RowChanges } from '../../changes.ts'
import { countRows, type PlannedRow } from '../../row-changes.ts'
import type { RowMark } from '../../rows/row-mark.ts'
import { isAsWritten, rowsAsWritten } from './as-written.ts'
import { changeRequests, deletion } from './change-requests.ts'
import { threepidDigest } from './digests.ts'
import { type Marks, runsOf } from './marks.ts'
import { presentHoldings } from './metadata.ts'
import type { OwnUser } from './ownership.ts'
import { identityDigest, type LinksPlan, linkedIdentities, noteDigest, presentLinks } from './plan-links.ts'
import { losesPrimary } from './plan-primary.ts'
import type { UserRequests } from './user-requests.ts'
import type { UserThen } from './user-then.ts'

/** What of a run is taken back of one user. */
export interface PlannedRollback {
  readonly mxid: string
  /** `unchanged`: somebody has changed or used it since. */
  readonly outcome: 'removed' | 'unchanged'
  readonly rows: readonly RowChanges[]
  readonly requests: UserRequests
  /** Why it is unchanged, where that is something else. */
  readonly words?: string
}

/**
 * Takes back what a run created: the user with all of it, later runs' rows too, or the rows that the run added to a user of an
 * earlier one. Either as a whole, where all of it is as we wrote it and unused, or not at all. Nobody is deleted to be made anew: a
 * password that was added to somebody stays, and with it all that came with it.
 * @returns undefined where the run created nothing of it
 */
export const planRollback = (user: OwnUser, runId: string): PlannedRollback | undefined => {
  if (user.marks.createdBy === runId) return wholeUser(user)
  return runsOf(user.marks).includes(runId) ? rowsOfRun(user, runId) : undefined
}

const wholeUser = (user: OwnUser): PlannedRollback => {
  const rows = rowsAsWritten(user)
  const { mxid } = user.marks
  if (!isAsWritten(user)) return kept(mxid, rows)
  return { mxid, outcome: 'removed', rows: countRows(rows), requests: deletion(user.present) }
}

const kept = (mxid: string, rows: readonly PlannedRow[]): PlannedRollback => ({
  mxid,
  outcome: 'unchanged',
  rows: countRows(rows.map(({ relation }) => ({ relation, action: 'theirs' }))),
  requests: { kind: 'nothing' },
})

const rowsOfRun = (user: OwnUser, runId: string): PlannedRollback => {
  const { present, marks } = user
  const { mxid } = marks
  const added = addedBy(marks, runId)
  const rows: readonly PlannedRow[] = [
    ...(added.password ? [{ relation: 'password', action: 'remove' } as const] : []),
    ...Array.from(added.threepids, () => ({ relation: 'threepid', action: 'remove' }) as const),
    ...Array.from(added.links, () => ({ relation: 'external_id', action: 'remove' }) as const),
  ]
  const holdings = presentHoldings(present)
  const there = new Set([...holdings.held.map((one) => threepidDigest(mxid, one)), ...presentLinks(mxid, present)])
  const isWhole = [...added.threepids, ...added.links].every((digest) => there.has(digest))
  if (!isWhole) return kept(mxid, rows)
  if (added.password) return { ...kept(mxid, rows), words: 'Auth0 takes no password away: what the run added stays' }
  if (losesPrimary(present, { unlink: unlinked(user, added) })) {
    return { ...kept(mxid, rows), words: 'it was linked by SCIM, and who is linked keeps the user_id of that' }
  }
  const then: UserThen = {
    ...holdings,
    held: holdings.held.filter((one) => !added.threepids.has(threepidDigest(mxid, one))),
    notes: holdings.notes.filter((note) => !added.links.has(noteDigest(mxid, note))),
  }
  const left = withoutRowsOf(marks, runId)
  const unlink = unlinked(user, added)
  return {
    mxid,
    outcome: 'removed',
    rows: countRows(rows),
    requests: changeRequests({ present, before: marks, to: then, marks: left, unlink, provision: [] }),
  }
}

const unlinked = ({ present, marks: { mxid } }: OwnUser, { links }: Pick<Added, 'links'>): LinksPlan['unlink'] =>
  linkedIdentities(present).filter((identity) => links.has(identityDigest(mxid, identity)))

interface Added {
  readonly password: boolean
  readonly threepids: ReadonlySet<string>
  readonly links: ReadonlySet<string>
}

const addedBy = ({ password, threepids, links }: Marks, runId: string): Added => {
  const ofRun = (rows: readonly RowMark[]): ReadonlySet<string> =>
    new Set(rows.flatMap(({ digest, run }) => (run === runId ? [digest] : [])))
  return { password: password?.run === runId, threepids: ofRun(threepids), links: ofRun(links) }
}

const withoutRowsOf = (marks: Marks, runId: string): Marks => ({
  ...marks,
  threepids: marks.threepids.filter(({ run }) => run !== runId),
  links: marks.links.filter(({ run }) => run !== runId),
})
