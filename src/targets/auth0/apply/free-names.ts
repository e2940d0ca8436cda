import { countRows, type PlannedRow } from '../../row-changes.ts'
import type { Name } from '../../slow-road/name.ts'
import { changeRequests } from '../accounts/change-requests.ts'
import { profileDigest, threepidDigest } from '../accounts/digests.ts'
import type { Marks } from '../accounts/marks.ts'
import { presentHoldings } from '../accounts/metadata.ts'
import { ownUserOf } from '../accounts/ownership.ts'
import { isProfileAsWritten } from '../accounts/plan-profile.ts'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import type { UserThen } from '../accounts/user-then.ts'
import type { Place } from '../accounts/wanted-threepids.ts'
import type { Identifier } from '../census/census-file.ts'
import { nameOf } from '../plan/names.ts'
import { seeUser } from '../plan/see-users.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { changeUser } from './write-user.ts'

/**
 * Gives up names that others are to get, and changes nothing else: whatever becomes of the rest, what is noted is true. Whether it
 * works shows when the others get them.
 */
export const freeNames = async (
  work: BatchAtWork,
  { subject }: PlannedSubject,
  wanted: ReadonlySet<Name>,
): Promise<void> => {
  const { tenant, about, signal } = work
  const { mxid } = subject.decision
  const own = ownUserOf(mxid, await seeUser(tenant, subject, signal))
  if (own === undefined) return
  const { present, marks } = own
  const holdings = presentHoldings(present)
  const given = givenUp(holdings, marks, (kind, value) => {
    return wanted.has(nameOf(kind, value)) && !isRequired(kind, about.rules.takes)
  })
  if (given.rows.length === 0) return
  tenant.unreported.touch(mxid, countRows(given.rows))
  const change = { to: given.to, marks: given.marks, unlink: [], provision: [] }
  const answer = await changeUser(tenant, changeRequests({ present, before: marks, ...change }), signal)
  if (answer.kind !== 'done') tenant.unreported.spare(mxid)
}

const isRequired = (kind: Identifier, takes: ConnectionRules): boolean =>
  ({ username: takes.requiresUsername, email: takes.requiresEmail, phone: takes.requiresPhone })[kind]

interface GivenUp {
  readonly to: UserThen
  readonly marks: Marks
  readonly rows: readonly PlannedRow[]
}

/** What is not as we wrote it stays. */
const givenUp = (holdings: UserThen, marks: Marks, mayGo: (kind: Identifier, value: string) => boolean): GivenUp => {
  const { mxid } = marks
  const { username, ...others } = holdings
  const goesUsername = username !== undefined && mayGo('username', username) && isProfileAsWritten(holdings, marks)
  const ours = new Set(marks.threepids.map(({ digest }) => digest))
  const gone = holdings.held.filter(
    (one) => isIdentifier(one.place) && mayGo(one.place, one.value) && ours.has(threepidDigest(mxid, one)),
  )
  const digests = new Set(gone.map((one) => threepidDigest(mxid, one)))
  const to: UserThen = {
    ...(goesUsername ? others : holdings),
    held: holdings.held.filter((one) => !gone.includes(one)),
  }
  return {
    to,
    marks: {
      ...marks,
      account: goesUsername ? profileDigest(mxid, to, new Set(marks.attributes)) : marks.account,
      threepids: marks.threepids.filter(({ digest }) => !digests.has(digest)),
    },
    rows: [
      ...(goesUsername ? [{ relation: 'account', action: 'update' } as const] : []),
      ...gone.map(() => ({ relation: 'threepid', action: 'remove' }) as const),
    ],
  }
}

const isIdentifier = (place: Place): place is 'email' | 'phone' => place === 'email' || place === 'phone'
