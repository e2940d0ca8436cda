import type { PlannedRow, RowAction } from '../../row-changes.ts'
import type { RowMark } from '../../rows/row-mark.ts'
import type { Link } from '../api/user.ts'
import { linkDigest } from './digests.ts'
import type { LinkMark, Marks } from './marks.ts'
import type { WantedUser } from './wanted-user.ts'

export interface LinksPlan {
  readonly rows: readonly PlannedRow[]
  /** Done before anything is added. */
  readonly removes: readonly Link[]
  readonly adds: readonly Link[]
  readonly marks: readonly LinkMark[]
}

/** Whether the source's identities are what was written last: so much is known without asking Keycloak. */
export const areLinksAsMarked = ({ mxid, links }: Pick<WantedUser, 'mxid' | 'links'>, marks: Marks): boolean => {
  const base = new Set(marks.links.map(({ digest }) => digest))
  return base.size === links.length && links.every((link) => base.has(linkDigest(mxid, link)))
}

/** What becomes of the links of a user, and of nobody else's: that somebody else has an identity is not known here. */
export const planLinks = (
  { mxid, links }: WantedUser,
  present: readonly Link[],
  { marks, run }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'> },
): LinksPlan => {
  const base = new Map(marks.links.map((mark) => [mark.digest, mark]))
  const there = new Map(present.map((link) => [link.alias, link]))
  const isOurs = (link: Link): boolean => base.has(linkDigest(mxid, link))
  const planned = links.map((link) => ({ link, action: actionOf(link, there.get(link.alias), isOurs) }))
  const wanted = new Set(links.map((link) => linkDigest(mxid, link)))
  const removed = present.filter((link) => isOurs(link) && !wanted.has(linkDigest(mxid, link)))
  const adds = planned.flatMap(({ link, action }) => (action === 'create' ? [link] : []))
  return {
    rows: [...planned.map(({ action }) => action), ...removed.map(() => 'remove' as const)].map((action) => ({
      relation: 'external_id',
      action,
    })),
    removes: removed,
    adds,
    marks: [
      // What neither side has any more is nobody's; what somebody has taken away is theirs as long as the source has it.
      ...marks.links.filter(({ digest }) => wanted.has(digest)),
      ...adds.map((link) => ({ alias: link.alias, digest: linkDigest(mxid, link), ...run })),
    ],
  }
}

const actionOf = (wanted: Link, present: Link | undefined, isOurs: (link: Link) => boolean): RowAction => {
  if (present?.subject === wanted.subject) return 'unchanged'
  // Somebody has taken it away, or put another identity in its place.
  if (isOurs(wanted)) return 'theirs'
  return present === undefined || isOurs(present) ? 'create' : 'foreign'
}
