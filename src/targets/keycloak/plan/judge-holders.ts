import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { ConflictCode } from '../../changes.ts'
import { CLAIMED, type Conflict, type Judgement, judgeHeld } from '../../slow-road/judgement.ts'
import type { Name } from '../../slow-road/name.ts'
import type { Standing } from '../../slow-road/standings.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Link, PresentUser } from '../api/users-api.ts'
import type { Holders } from './holders.ts'
import { emailOf, linkOf, usernameOf } from './names.ts'
import { isSameAccount } from './whose.ts'

/** Rows that stay away since what they hold is somebody else's, and the mapping says to leave them. */
export interface LeftRows {
  readonly threepid: number
  readonly external_id: number
}

/** What is wanted without what stays somebody else's. */
export interface Without {
  readonly wanted: WantedUser
  readonly left: LeftRows
}

/** A name that somebody else has. */
export interface Held {
  readonly name: Name
  readonly holder: PresentUser
  readonly reason: ConflictCode
  /** Of an identity. */
  readonly link?: Link
  /** Whether the mapping says to do all else where it stays somebody else's. */
  readonly isLeft: boolean
}

/** In the order in which they are told. */
export const heldNames = ({ username, email, links }: Holders, conflicts: ConflictRules): readonly Held[] => [
  ...(username === undefined
    ? []
    : [{ name: usernameOf(username.username), holder: username, reason: 'username_taken', isLeft: false } as const]),
  ...(email === undefined
    ? []
    : [
        {
          name: emailOf(email.email ?? ''),
          holder: email,
          reason: 'email_taken',
          isLeft: conflicts.email === 'leave',
        } as const,
      ]),
  ...links.map(
    ({ link, holder }) =>
      ({
        name: linkOf(link),
        holder,
        reason: 'identity_taken',
        link,
        isLeft: conflicts.identity === 'leave',
      }) as const,
  ),
]

/** What becomes of a user of whose names some are others'. */
export const judgeHolders = (
  wanted: WantedUser,
  held: readonly Held[],
  standing: (held: Held) => Standing,
): Judgement<Without> =>
  judgeHeld(held, {
    standing,
    conflictOf: (one) => conflictOf(wanted, one),
    withoutHeld: (kept) => withoutHeld(wanted, kept),
  })

const withoutHeld = (wanted: WantedUser, held: readonly Pick<Held, 'reason' | 'link'>[]): Without => {
  const isEmailHeld = held.some(({ reason }) => reason === 'email_taken')
  const { email, ...rest } = wanted
  const threepids = wanted.threepids.filter(({ place }) => !isEmailHeld || place !== 'email')
  const links = wanted.links.filter((one) => !held.some(({ link }) => link === one))
  return {
    wanted: { ...rest, ...(email === undefined || isEmailHeld ? {} : { email }), threepids, links },
    left: {
      threepid: wanted.threepids.length - threepids.length,
      external_id: wanted.links.length - links.length,
    },
  }
}

/** The same of an address that another account of the same homeserver gets. */
export const judgeClaimed = (
  wanted: WantedUser | undefined,
  before: Without | undefined,
  { email }: Pick<ConflictRules, 'email'>,
): Judgement<Without> => {
  if (wanted === undefined) return { kind: 'free' }
  if (email !== 'leave') return { kind: 'conflict', conflict: CLAIMED }
  const { threepid = 0, external_id = 0 } = before?.left ?? {}
  const without = withoutHeld(before?.wanted ?? wanted, [{ reason: 'email_taken' }])
  return {
    kind: 'free',
    without: { wanted: without.wanted, left: { threepid: threepid + without.left.threepid, external_id } },
  }
}

const conflictOf = ({ mxid }: WantedUser, { reason, holder }: Held): Conflict => {
  const who = `the user ${holder.username} (${holder.id})`
  return {
    reason,
    against: isSameAccount(holder, mxid)
      ? `${who}, which syn2op wrote for the same account when the realm had another name,`
      : who,
  }
}
