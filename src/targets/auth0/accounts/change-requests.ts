import type { PresentIdentity, PresentUser } from '../api/user.ts'
import { linkDigest, profileDigest, threepidDigest } from './digests.ts'
import type { Link } from './links.ts'
import type { Marks } from './marks.ts'
import { presentHoldings } from './metadata.ts'
import { identityDigest } from './plan-links.ts'
import { primaryOf } from './primary-user.ts'
import { closingPatch, toPatch, type UserPatch } from './user-patch.ts'
import type { ChangeRequests, Identifiers, RehashRequests, Removal, UserRequests } from './user-requests.ts'
import type { UserThen } from './user-then.ts'
import { addressAt, type WantedThreepid } from './wanted-threepids.ts'

/** A user who is there, and what is to become of them. */
export interface UserChange {
  readonly present: PresentUser
  readonly before: Marks
  readonly to: UserThen
  readonly marks: Marks
  readonly unlink: readonly PresentIdentity[]
  readonly provision: readonly Link[]
}

export const changeRequests = (change: UserChange): ChangeRequests => {
  const { present, to, marks, unlink, provision } = change
  const meanwhile = marksMeanwhile(change)
  const patches: UserPatch[] = []
  let was = presentHoldings(present)
  for (const next of stepsTo(was, to)) {
    patches.push(toPatch(present, was, next, marksAt(next, change, meanwhile)))
    was = next
  }
  return {
    kind: 'change',
    id: present.primaryId ?? present.id,
    patches,
    unlink,
    provision,
    ...(unlink.length + provision.length === 0 ? {} : { closing: closingPatch(marks) }),
    frees: freedBy(present, to),
  }
}

export const deletion = (present: PresentUser): UserRequests => ({
  kind: 'delete',
  ...removalOf(present),
  frees: freedBy(present, undefined),
})

/** Whom it takes to remove a user. */
export const removalOf = (present: PresentUser): Removal => {
  const primary = primaryOf(present)
  return { id: present.id, ...(primary === undefined ? {} : { primary }) }
}

/** Gives a user another hash, or one for which nobody knows a password, and then all else that is to change. */
export const rehash = (
  { present, before, to, marks, unlink, provision }: UserChange,
  { passwordHash, others }: { readonly passwordHash: string | undefined; readonly others: 'too' | 'none' },
): RehashRequests => {
  const { password: _, ...kept } = before
  const isToBlock = to.blocked && !present.blocked
  const then: Marks = {
    ...kept,
    ...(marks.password === undefined ? {} : { password: marks.password }),
    blocked: isToBlock || kept.blocked,
  }
  const holdings = presentHoldings(present)
  const whole = changeRequests({ present, before: then, to, marks, unlink, provision })
  const blocked = { to: { ...holdings, blocked: true }, marks: { ...before, blocked: true } }
  return {
    kind: 'rehash',
    id: present.id,
    present,
    marks: then,
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(isToBlock ? { block: changeRequests({ present, before, ...blocked, unlink: [], provision: [] }) } : {}),
    ...(others === 'too' ? { others: whole } : {}),
    frees: whole.frees,
  }
}

/** Makes a user anew: as it is to be, with another password or with none. */
export const reimport = (
  present: PresentUser,
  {
    to,
    marks,
    provision,
    passwordHash,
  }: Pick<UserChange, 'to' | 'marks' | 'provision'> & { readonly passwordHash: string | undefined },
): UserRequests => ({
  kind: 'reimport',
  id: present.id,
  user: to,
  marks: { ...marks, underWay: provision.map((link) => linkDigest(marks.mxid, link)) },
  provision,
  ...(passwordHash === undefined ? {} : { passwordHash }),
  frees: freedBy(present, to),
})

/** @param then undefined: the user is gone */
const freedBy = (present: PresentUser, then: UserThen | undefined): Identifiers => {
  const [email, phone] = then === undefined ? [] : [addressAt(then.held, 'email'), addressAt(then.held, 'phone')]
  return {
    ...(present.email === undefined || present.email === email ? {} : { email: present.email }),
    ...(present.username === undefined || present.username === then?.username ? {} : { username: present.username }),
    ...(present.phoneNumber === undefined || present.phoneNumber === phone ? {} : { phone: present.phoneNumber }),
  }
}

/** What the user holds after each patch: Auth0 changes one identifier by a request, and all else goes with the first one. */
const stepsTo = (was: UserThen, then: UserThen): readonly UserThen[] => {
  const changesEmail = addressAt(was.held, 'email') !== addressAt(then.held, 'email')
  const changesPhone = addressAt(was.held, 'phone') !== addressAt(then.held, 'phone')
  const changesUsername = was.username !== then.username
  const keepsUsername = changesUsername && changesEmail
  const keepsPhone = changesPhone && (changesEmail || changesUsername)
  const withUsername = keepsPhone ? withPhoneOf(then, was) : then
  return [...(keepsUsername ? [withUsernameOf(withUsername, was)] : []), ...(keepsPhone ? [withUsername] : []), then]
}

const withUsernameOf = (then: UserThen, { username }: UserThen): UserThen => {
  const { username: _, ...others } = then
  return { ...others, ...(username === undefined ? {} : { username }) }
}

const withPhoneOf = (then: UserThen, was: UserThen): UserThen => ({
  ...then,
  held: [...then.held.filter(({ place }) => place !== 'phone'), ...was.held.filter(({ place }) => place === 'phone')],
})

/** The marks when so much of a change is done: they say what is there, not what is to come. */
const marksAt = (now: UserThen, { before, to, marks }: UserChange, meanwhile: Marks): Marks => {
  if (now === to) return meanwhile
  const digest = (one: WantedThreepid): string => threepidDigest(marks.mxid, one)
  const [here, atLast] = [new Set(now.held.map(digest)), new Set(to.held.map(digest))]
  const isToCome = (of: string): boolean => atLast.has(of) && !here.has(of)
  return {
    ...meanwhile,
    account:
      marks.account === before.account ? before.account : profileDigest(marks.mxid, now, new Set(marks.attributes)),
    threepids: [
      ...marks.threepids.filter((mark) => !isToCome(mark.digest)),
      ...before.threepids.filter((mark) => here.has(mark.digest) && !atLast.has(mark.digest)),
    ],
  }
}

/** Of what takes requests of its own: everything that was there and everything that is to come, as under way. */
const marksMeanwhile = ({ before, marks, unlink, provision }: UserChange): Marks => {
  const removed = new Set(unlink.map((identity) => identityDigest(marks.mxid, identity)))
  const added = provision.map((link) => linkDigest(marks.mxid, link))
  return {
    ...marks,
    links: [...marks.links, ...before.links.filter(({ digest }) => removed.has(digest))],
    underWay: [...removed, ...added],
  }
}
