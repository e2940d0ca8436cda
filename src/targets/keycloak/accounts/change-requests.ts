import type { Link, PasswordSeen, PresentUser } from '../api/user.ts'
import { linkDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import type { ChangeRequests } from './user-requests.ts'
import type { AttributeNames } from './user-rules.ts'
import { toUserUpdate, type UserThen } from './user-update.ts'

/** A user who is there, and what is to become of them. */
export interface UserChange {
  readonly present: PresentUser
  readonly before: Marks
  readonly to: UserThen
  readonly removeLinks: readonly Link[]
  readonly addLinks: readonly Link[]
  /** The id of the credential. */
  readonly removePassword: string | undefined
}

export const changeRequests = (change: UserChange, names: AttributeNames): ChangeRequests => {
  const { present, to, removeLinks, addLinks, removePassword } = change
  const put = toUserUpdate(present, { ...to, marks: marksMeanwhile(change) }, names)
  const isAllInPut = removeLinks.length + addLinks.length === 0 && removePassword === undefined
  const { credential: _, ...fields } = to
  return {
    kind: 'change',
    id: present.id,
    put,
    removeLinks,
    addLinks,
    ...(removePassword === undefined ? {} : { removePassword }),
    ...(isAllInPut ? {} : { closing: toUserUpdate(present, fields, names) }),
    ...(present.email === undefined || present.email === put.email ? {} : { freesEmail: present.email }),
  }
}

/** Of what is only about to be done: everything that was there and everything that is to come, as under way. */
const marksMeanwhile = ({ before, to: { marks }, removeLinks, addLinks, removePassword }: UserChange): Marks => {
  const removed = new Set(removeLinks.map((link) => linkDigest(before.mxid, link)))
  const kept = before.links.filter(({ digest }) => removed.has(digest))
  const leaving = removePassword === undefined ? undefined : before.password
  return {
    ...marks,
    ...(leaving === undefined ? {} : { password: leaving }),
    links: [...marks.links, ...kept],
    underWay: [
      ...removed,
      ...addLinks.map((link) => linkDigest(before.mxid, link)),
      ...(leaving === undefined ? [] : [leaving.digest]),
    ],
  }
}

/** What was asked for. */
export interface DetailsSeen {
  readonly links: readonly Link[]
  readonly password?: Pick<PasswordSeen, 'createdDate'>
}

/** The marks once it is known how that ended which a run had left under way: what is not there is not ours any more. */
export const settledMarks = (marks: Marks, { links, password }: DetailsSeen): Marks => {
  if (marks.underWay.length === 0) return marks
  const there = new Set(links.map((link) => linkDigest(marks.mxid, link)))
  const isOpen = (digest: string): boolean => marks.underWay.includes(digest)
  const { password: ofPassword, ...rest } = marks
  const isPasswordGone =
    ofPassword !== undefined && isOpen(ofPassword.digest) && password?.createdDate !== ofPassword.date
  return {
    ...rest,
    ...(ofPassword === undefined || isPasswordGone ? {} : { password: ofPassword }),
    links: marks.links.filter(({ digest }) => !isOpen(digest) || there.has(digest)),
    underWay: [],
  }
}
