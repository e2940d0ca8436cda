import type { PlannedRow, RowAction } from '../../row-changes.ts'
import type { RowMark } from '../../rows/row-mark.ts'
import type { PresentIdentity, PresentUser } from '../api/user.ts'
import { linkDigest } from './digests.ts'
import { DATABASE } from './linked-user.ts'
import { type Link, linkOfNote, noteOf } from './links.ts'
import type { Marks } from './marks.ts'
import { presentHoldings } from './metadata.ts'
import type { WantedUser } from './wanted-user.ts'

export interface LinksPlan {
  readonly rows: readonly PlannedRow[]
  /** All that are noted then, ours and others'. */
  readonly notes: readonly string[]
  readonly unlink: readonly PresentIdentity[]
  /** To be made by SCIM. */
  readonly provision: readonly Link[]
  readonly marks: readonly RowMark[]
}

/** The digest of each identity that a user has: noted for the Action, or linked. */
export const presentLinks = (mxid: string, present: PresentUser): readonly string[] => [
  ...new Set([
    ...presentHoldings(present).notes.map((note) => noteDigest(mxid, note)),
    ...linkedIdentities(present).map((identity) => identityDigest(mxid, identity)),
  ]),
]

/**
 * What becomes of the identities of a user, and of nobody else's. One that the Action has linked is the same row as its note; what is
 * removed is taken out of both, so that nobody logs in by what the source has no longer.
 */
export const planLinks = (
  { mxid, links }: Pick<WantedUser, 'mxid' | 'links'>,
  present: PresentUser,
  { marks, run }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'> },
): LinksPlan => {
  const base = new Set(marks.links.map(({ digest }) => digest))
  const there = new Set(presentLinks(mxid, present))
  // Whoever is somebody's primary gives them another user_id, which is the `sub` of their tokens.
  const mayBeLinked = present.loginsCount === 0 && present.lastLogin === undefined
  const planned = links.map((link) => {
    const digest = linkDigest(mxid, link)
    const isLate = link.how === 'scim' && !mayBeLinked
    const action: RowAction = there.has(digest)
      ? 'unchanged'
      : base.has(digest)
        ? 'theirs'
        : isLate
          ? 'foreign'
          : 'create'
    return { link, digest, action }
  })
  const wanted = new Set(planned.map(({ digest }) => digest))
  const removed = new Set([...there].filter((digest) => base.has(digest) && !wanted.has(digest)))
  const created = planned.filter(({ action }) => action === 'create')
  return {
    rows: [...planned.map(({ action }) => action), ...Array.from(removed, () => 'remove' as const)].map((action) => ({
      relation: 'external_id',
      action,
    })),
    notes: [
      ...presentHoldings(present).notes.filter((note) => !removed.has(noteDigest(mxid, note))),
      ...created.flatMap(({ link }) => (link.how === 'action' ? [noteOf(link)] : [])),
    ],
    unlink: linkedIdentities(present).filter((identity) => removed.has(identityDigest(mxid, identity))),
    provision: created.flatMap(({ link }) => (link.how === 'scim' ? [link] : [])),
    marks: [
      // What neither side has any more is nobody's; what somebody has taken away is theirs as long as the source has it.
      ...marks.links.filter(({ digest }) => wanted.has(digest)),
      ...created.map(({ digest }) => ({ digest, ...run })),
    ],
  }
}

/** All of a user's identities but that of the database connection, which is there from the first day. */
export const linkedIdentities = ({ identities }: PresentUser): readonly PresentIdentity[] => {
  const own = identities.find(({ provider }) => provider === DATABASE)
  return identities.filter((identity) => identity !== own)
}

/** The marks once it is seen how that ended which a run had left under way: what is not there is not ours any more. */
export const settledMarks = (marks: Marks, present: PresentUser): Marks => {
  if (marks.underWay.length === 0) return marks
  const there = new Set(presentLinks(marks.mxid, present))
  const open = new Set(marks.underWay)
  return { ...marks, links: marks.links.filter(({ digest }) => !open.has(digest) || there.has(digest)), underWay: [] }
}

export const identityDigest = (mxid: string, { connection, userId }: PresentIdentity): string => {
  const prefix = `${connection}|`
  return linkDigest(mxid, {
    connection,
    subject: userId.startsWith(prefix) ? userId.slice(prefix.length) : userId,
  })
}

export const noteDigest = (mxid: string, note: string): string =>
  linkDigest(mxid, linkOfNote(note) ?? { connection: '', subject: note })
