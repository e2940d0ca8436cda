import type { ConflictRules } from '../../../mapping/mapping.ts'
import { CLAIMED, type Conflict, type Judgement, judgeHeld } from '../../slow-road/judgement.ts'
import type { Standing } from '../../slow-road/standings.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Identifier } from '../census/census-file.ts'
import { type Held, isSameAccount } from './holders.ts'

/** What is wanted without the names that stay somebody else's, and how many addresses these are. */
export interface Without {
  readonly wanted: WantedUser
  readonly leftThreepids: number
}

/** What becomes of a user of whose names some are others'. */
export const judgeHolders = (
  wanted: WantedUser,
  held: readonly Held[],
  standing: (held: Held) => Standing,
): Judgement<Without> =>
  judgeHeld(held, {
    standing,
    conflictOf: (one) => conflictOf(wanted, one),
    withoutHeld: (kept) => withoutNames(wanted, kept.map(kindOf)),
  })

/** The same of an address that another account of the same homeserver gets. */
export const judgeClaimed = (
  wanted: WantedUser | undefined,
  before: Without | undefined,
  { email }: Pick<ConflictRules, 'email'>,
): Judgement<Without> => {
  if (wanted === undefined) return { kind: 'free' }
  if (email !== 'leave') return { kind: 'conflict', conflict: CLAIMED }
  const { leftThreepids, ...without } = withoutNames(before?.wanted ?? wanted, ['email'])
  return { kind: 'free', without: { ...without, leftThreepids: leftThreepids + (before?.leftThreepids ?? 0) } }
}

const kindOf = ({ kind }: Held): Identifier => kind

const withoutNames = (wanted: WantedUser, kinds: readonly Identifier[]): Without => {
  const threepids = wanted.threepids.filter(({ place }) => !kinds.some((kind) => kind === place))
  return { wanted: { ...wanted, threepids }, leftThreepids: wanted.threepids.length - threepids.length }
}

const conflictOf = ({ mxid }: WantedUser, { reason, holder }: Held): Conflict => {
  const { id, username, email } = holder
  const who = `the user ${username ?? email ?? id} (${id})`
  return {
    reason,
    against: isSameAccount(holder, mxid)
      ? `${who}, which syn2op wrote for the same account under another connection,`
      : who,
  }
}
