import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AccountChange } from '../../changes.ts'
import type { PresentUser } from '../api/user.ts'
import type { Marks } from './marks.ts'
import { areDetailsAsMarked, marksOf, type UserSeen } from './ownership.ts'
import { type LinksPlan, planLinks } from './plan-links.ts'
import { type PasswordPlan, planPassword } from './plan-password.ts'
import { planProfile } from './plan-profile.ts'
import { heldThreepids, planThreepids } from './plan-threepids.ts'
import { countRows, isWritten, type PlannedRow } from './row-plan.ts'
import type { Writer } from './user-import.ts'
import type { UserRequests } from './user-requests.ts'
import { MARKS } from './user-rules.ts'
import { toUserUpdate } from './user-update.ts'
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
  const rows: readonly PlannedRow[] = [
    { relation: 'account', action: 'create' },
    ...(wanted.passwordHash === undefined ? [] : [{ relation: 'password', action: 'create' } as const]),
    ...wanted.threepids.map(() => ({ relation: 'threepid', action: 'create' }) as const),
    ...wanted.links.map(() => ({ relation: 'external_id', action: 'create' }) as const),
    ...leftRows(wanted),
  ]
  return {
    change: { mxid: wanted.mxid, change: 'create', rows: countRows(rows) },
    requests: wanted.refused === undefined ? { kind: 'create', wanted } : { kind: 'refuse', words: wanted.refused },
  }
}

/** Its id is ours, so it is either ours with marks that somebody has spoilt, or made to look like ours: neither is touched. */
const conflict = ({ mxid }: WantedUser, { id, username }: PresentUser): PlannedUser => ({
  change: {
    mxid,
    change: 'conflict',
    reason: 'username_taken',
    against: `the user ${username} (${id}), whose attribute ${MARKS.written} is not as syn2op wrote it`,
    rows: [],
  },
  requests: { kind: 'nothing' },
})

interface OwnUser extends UserSeen {
  readonly present: PresentUser
  readonly marks: Marks
}

const difference = (wanted: WantedUser, seen: OwnUser, writer: Writer): PlannedUser => {
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
  if (change === 'unchanged') return { change: told, requests: { kind: 'nothing' } }
  if (wanted.refused !== undefined && profile.action === 'update') {
    return { change: told, requests: { kind: 'refuse', words: wanted.refused } }
  }
  const put = toUserUpdate(
    present,
    {
      fields: profile.fields,
      held: threepids.held,
      marks: {
        mxid: marks.mxid,
        createdBy: marks.createdBy,
        ...profile.marks,
        ...(password.mark === undefined ? {} : { password: password.mark }),
        threepids: threepids.marks,
        links: links.marks,
      },
      ...(password.credential === undefined ? {} : { credential: password.credential }),
    },
    writer.attributes,
  )
  return {
    change: told,
    requests: {
      kind: 'change',
      id: present.id,
      removeLinks: links.removes,
      addLinks: links.adds,
      ...(password.removes === undefined ? {} : { removePassword: password.removes }),
      put,
      ...(present.email === undefined || present.email === put.email ? {} : { freesEmail: present.email }),
    },
  }
}

/** Where they were not read they are as they were written, as far as anybody knows. */
const planDetails = (
  wanted: WantedUser,
  { present, password, marks }: OwnUser,
  { run, passwordDate }: { readonly run: { readonly run?: string }; readonly passwordDate: number },
): { readonly links: LinksPlan; readonly password: PasswordPlan } => {
  if (present.links !== undefined) {
    return {
      links: planLinks(wanted, present.links, { marks, run }),
      password: planPassword(wanted, password, { marks, run, passwordDate }),
    }
  }
  if (!areDetailsAsMarked(wanted, marks)) {
    throw new Syn2opError('internal', `The links and the password of ${wanted.mxid} were not read before its plan`)
  }
  return {
    links: {
      rows: wanted.links.map(() => ({ relation: 'external_id', action: 'unchanged' })),
      removes: [],
      adds: [],
      marks: marks.links,
    },
    password: {
      rows: wanted.passwordHash === undefined ? [] : [{ relation: 'password', action: 'unchanged' }],
      ...(marks.password === undefined ? {} : { mark: marks.password }),
    },
  }
}

/** Rows for which Keycloak has no place: told, since nothing is left out silently. */
const leftRows = ({ leftLinks, leftThreepids }: WantedUser): readonly PlannedRow[] => [
  ...Array.from({ length: leftThreepids }, () => ({ relation: 'threepid', action: 'foreign' }) as const),
  ...leftLinks.map(() => ({ relation: 'external_id', action: 'foreign' }) as const),
]
