import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AccountChange } from '../../changes.ts'
import { countRows, isWritten, type PlannedRow } from '../../row-changes.ts'
import { leftRows, newAccountRows } from '../../rows/account-rows.ts'
import type { PresentUser } from '../api/user.ts'
import { settledUser } from './as-written.ts'
import { changeRequests } from './change-requests.ts'
import { encodeMarks, type Marks } from './marks.ts'
import { areDetailsAsMarked, marksOf, type UserSeen } from './ownership.ts'
import { type LinksPlan, planLinks } from './plan-links.ts'
import { type PasswordPlan, planPassword } from './plan-password.ts'
import { planProfile } from './plan-profile.ts'
import { heldThreepids, planThreepids } from './plan-threepids.ts'
import type { Writer } from './user-import.ts'
import type { UserRequests } from './user-requests.ts'
import { MARKS } from './user-rules.ts'
import type { WantedUser } from './wanted-user.ts'

/** What would be done with one account. `change` holds no secret; `requests` do. */
export interface PlannedUser {
  readonly change: AccountChange
  readonly requests: UserRequests
}

/**
 * The change of an account that is wanted at Keycloak, by the rules of rows that every target follows. That a name, an address or
 * an identity is somebody else's is not known here.
 * @throws Syn2opError internal where links and password were needed and not read
 */
export const planUser = (wanted: WantedUser, seen: UserSeen, writer: Writer): PlannedUser => {
  const { present } = seen
  if (present === undefined) return creation(wanted)
  const marks = marksOf(present, wanted.mxid)
  return marks === undefined ? conflict(wanted, present) : difference(wanted, { ...seen, present, marks }, writer)
}

const creation = (wanted: WantedUser): PlannedUser => {
  return {
    change: { mxid: wanted.mxid, change: 'create', rows: countRows(newAccountRows(wanted)) },
    requests: wanted.refused === undefined ? { kind: 'create', wanted } : { kind: 'refuse', words: wanted.refused },
  }
}

/** Its id is ours, so it is either ours with marks that somebody has spoilt, or made to look like ours: neither is touched. */
const conflict = ({ mxid }: WantedUser, { id, username }: PresentUser): PlannedUser => ({
  change: {
    mxid,
    change: 'conflict',
    reason: 'username_taken',
    against: `the user ${username} (${id}; its attribute ${MARKS.written} is not as syn2op wrote it)`,
    rows: [],
  },
  requests: { kind: 'nothing' },
})

interface OwnUser extends UserSeen {
  readonly present: PresentUser
  readonly marks: Marks
}

const difference = (wanted: WantedUser, found: OwnUser, writer: Writer): PlannedUser => {
  const seen = { ...found, marks: settledUser({ otherCredentials: [], ...found }).marks }
  const { present, marks } = seen
  const run = writer.runId === marks.createdBy ? {} : { run: writer.runId }
  const profile = planProfile(wanted, present, marks)
  const threepids = planThreepids(wanted, heldThreepids(present, writer.attributes), { marks, run })
  const { links, password } = planDetails(wanted, seen, { run, passwordDate: writer.passwordDate })
  const rows: readonly PlannedRow[] = [
    { relation: 'account', action: profile.action },
    ...password.rows,
    ...threepids.rows,
    ...links.rows,
    ...leftRows(wanted),
  ]
  const change = rows.some(isWritten) ? 'update' : 'unchanged'
  const told: AccountChange = { mxid: wanted.mxid, change, rows: countRows(rows) }
  if (wanted.refused !== undefined && profile.action === 'update' && profile.fields.username === wanted.username) {
    return { change: told, requests: { kind: 'refuse', words: wanted.refused } }
  }
  const { password: _, ...others } = marks
  const then: Marks = {
    ...others,
    ...profile.marks,
    ...(password.mark === undefined ? {} : { password: password.mark }),
    threepids: threepids.marks,
    links: links.marks,
  }
  // Where nothing is to be written, what is noted of it may be: a run died over it, or neither side has it any more.
  if (change === 'unchanged' && areSame(then, found.marks)) return { change: told, requests: { kind: 'nothing' } }
  const requests = changeRequests(
    {
      present,
      before: marks,
      to: {
        fields: profile.fields,
        held: threepids.held,
        marks: then,
        ...(password.credential === undefined ? {} : { credential: password.credential }),
      },
      removeLinks: links.removes,
      addLinks: links.adds,
      removePassword: password.removes,
    },
    writer.attributes,
  )
  return { change: told, requests }
}

const areSame = (one: Marks, other: Marks): boolean => encodeMarks(one).join() === encodeMarks(other).join()

/** What was not read is as it was written, as far as anybody has to know. */
const planDetails = (
  wanted: WantedUser,
  { present, password, otherCredentials, marks }: OwnUser,
  { run, passwordDate }: { readonly run: { readonly run?: string }; readonly passwordDate: number },
): { readonly links: LinksPlan; readonly password: PasswordPlan } => {
  const areAllRead = present.links !== undefined && otherCredentials !== undefined
  if (!areAllRead && !areDetailsAsMarked(wanted, marks)) {
    throw new Syn2opError('internal', `The links and the password of ${wanted.mxid} were not read before its plan`)
  }
  return {
    links:
      present.links === undefined ? linksAsMarked(wanted, marks) : planLinks(wanted, present.links, { marks, run }),
    password:
      otherCredentials === undefined
        ? passwordAsMarked(wanted, marks)
        : planPassword(wanted, password, { marks, run, passwordDate }),
  }
}

const linksAsMarked = (wanted: WantedUser, marks: Marks): LinksPlan => ({
  rows: wanted.links.map(() => ({ relation: 'external_id', action: 'unchanged' })),
  removes: [],
  adds: [],
  marks: marks.links,
})

const passwordAsMarked = (wanted: WantedUser, marks: Marks): PasswordPlan => ({
  rows: wanted.passwordHash === undefined ? [] : [{ relation: 'password', action: 'unchanged' }],
  ...(marks.password === undefined ? {} : { mark: marks.password }),
})
