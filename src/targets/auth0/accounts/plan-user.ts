import { isDeepStrictEqual } from 'node:util'
import type { AccountChange } from '../../changes.ts'
import { countRows, isWritten, type PlannedRow } from '../../row-changes.ts'
import { leftRows, newAccountRows } from '../../rows/account-rows.ts'
import type { PresentUser } from '../api/user.ts'
import { isRenewable } from './as-written.ts'
import { changeRequests, rehash, reimport } from './change-requests.ts'
import { MOST_PROFILE_BYTES, profileBytes } from './fit-profile.ts'
import { encodeMarks, MARKS, type Marks } from './marks.ts'
import { presentHoldings } from './metadata.ts'
import { type OwnUser, ownUserOf, type UserSeen } from './ownership.ts'
import { linkedAwayTo, planLinkedAway } from './plan-linked-away.ts'
import { planLinks } from './plan-links.ts'
import { type PasswordPlan, planPassword } from './plan-password.ts'
import { asLinked, caughtUp, losesPrimary, primaryStays, renewed, staysLinked, takenPrimary } from './plan-primary.ts'
import { planProfile } from './plan-profile.ts'
import { planThreepids } from './plan-threepids.ts'
import type { UserRequests } from './user-requests.ts'
import type { Writer } from './user-rules.ts'
import type { UserThen } from './user-then.ts'
import type { WantedUser } from './wanted-user.ts'

/** What would be done with one account. `change` holds no secret; `requests` do. */
export interface PlannedUser {
  readonly change: AccountChange
  readonly requests: UserRequests
}

/**
 * The change of an account that is wanted at Auth0, by the rules of rows that every target follows. That a name, an address or an
 * identity is somebody else's is not known here.
 */
export const planUser = (wanted: WantedUser, seen: UserSeen, writer: Writer): PlannedUser => {
  const { present } = seen
  const taken = takenPrimary(wanted, seen)
  if (taken?.holds === true) return taken.planned
  const free = taken?.wanted ?? wanted
  if (present === undefined) return creation(free)
  const own = ownUserOf(wanted.mxid, seen)
  const primaryId = linkedAwayTo(seen)
  if (primaryId !== undefined) return planLinkedAway(free, primaryId, present)
  if (own === undefined) return conflict(free, present)
  const linked = asLinked(free, own)
  return difference(linked, { ...caughtUp(linked, own), given: seen.given ?? [] }, writer)
}

const creation = (wanted: WantedUser): PlannedUser => {
  return unlessRefused(wanted.refused, {
    change: { mxid: wanted.mxid, change: 'create', rows: countRows(newAccountRows(wanted)) },
    requests: { kind: 'create', wanted },
  })
}

/** Its user_id is ours, so it is either ours with marks that somebody has spoilt, or made to look like ours: neither is touched. */
const conflict = ({ mxid }: WantedUser, { id, username, email }: PresentUser): PlannedUser => ({
  change: {
    mxid,
    change: 'conflict',
    reason: 'username_taken',
    against: `the user ${username ?? email ?? id} (${id}; ${MARKS} in its app_metadata is not as syn2op wrote it)`,
    rows: [],
  },
  requests: { kind: 'nothing' },
})

const difference = (
  wanted: WantedUser,
  own: OwnUser & Required<Pick<UserSeen, 'given'>>,
  { runId }: Writer,
): PlannedUser => {
  const { present, marks } = own
  const holdings = presentHoldings(present)
  const run = runId === marks.createdBy ? {} : { run: runId }
  const profile = planProfile(wanted, holdings, marks)
  const threepids = planThreepids(wanted, holdings.held, { marks, run })
  const links = planLinks(wanted, present, { marks, run })
  if (losesPrimary(present, links)) return primaryStays(wanted, present)
  const password = planPassword(wanted, present, {
    marks,
    run,
    isFound: present.email !== undefined && present.primaryId === undefined && wanted.sharesEmails !== true,
    isRenewable: () => own.given.length === 0 && isRenewable(own) && staysLinked(wanted, present),
  })
  const rows: readonly PlannedRow[] = [
    { relation: 'account', action: profile.action },
    ...password.rows,
    ...threepids.rows,
    ...links.rows,
    ...leftRows(wanted),
  ]
  const { password: _, ...others } = marks
  const noted: Marks = {
    ...others,
    ...profile.marks,
    ...(password.mark === undefined ? {} : { password: password.mark }),
    threepids: threepids.marks,
    links: links.marks,
    ...(links.provision.length === 0 || wanted.primaryId === undefined ? {} : { primary: wanted.primaryId }),
  }
  const then: UserThen = { ...profile.fields, held: threepids.held, notes: links.notes }
  const change = rows.some(isWritten) ? 'update' : 'unchanged'
  const told: AccountChange = { mxid: wanted.mxid, change, rows: countRows(rows) }
  // Where nothing is to be written, what is noted of it may be: a run died over it, or neither side has it any more.
  if (change === 'unchanged' && isNoted(present, noted)) return { change: told, requests: { kind: 'nothing' } }
  const { passwordHash } = wanted
  const { unlink } = links
  const whole = { present, before: marks, to: then, marks: noted, unlink, provision: links.provision }
  const requestsBy = (by: PasswordPlan['by']): UserRequests => {
    if (by === undefined) return changeRequests(whole)
    const isOther = ({ relation, action }: PlannedRow): boolean =>
      relation !== 'password' && isWritten({ relation, action })
    if (by === 'upsert') return rehash(whole, { passwordHash, others: rows.some(isOther) ? 'too' : 'none' })
    return reimport(present, { to: then, marks: noted, provision: renewed(present, wanted, links), passwordHash })
  }
  const requests = requestsBy(password.by)
  const refused = change === 'update' ? (wanted.refused ?? tooLarge(own, then, noted)) : undefined
  return unlessRefused(refused, { change: told, requests })
}

const unlessRefused = (words: string | undefined, { change, requests }: PlannedUser): PlannedUser => {
  if (words === undefined) return { change, requests }
  const { mxid, rows } = change
  return { change: { mxid, change: 'reject', message: words, rows }, requests: { kind: 'refuse', words } }
}

/** With what somebody has put there, which stays. */
const tooLarge = ({ present, marks }: OwnUser, then: UserThen, noted: Marks): string | undefined => {
  const bytes = profileBytes(then, noted)
  if (bytes <= MOST_PROFILE_BYTES || bytes <= profileBytes(presentHoldings(present), marks)) return undefined
  return `its profile would have ${bytes} bytes, and Auth0 takes little more than ${MOST_PROFILE_BYTES}`
}

const isNoted = ({ appMetadata }: PresentUser, marks: Marks): boolean =>
  isDeepStrictEqual(encodeMarks(marks), appMetadata[MARKS])
