import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { ConflictCode } from '../../changes.ts'
import type { Standing } from '../../slow-road/standings.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { Identifier } from '../census/census-file.ts'
import { type Held, isSameAccount } from './holders.ts'

export interface Conflict {
  readonly reason: ConflictCode
  /** Who is in the way, in words. */
  readonly against: string
}

/** What is wanted without the names that stay somebody else's, and how many addresses these are. */
export interface Without {
  readonly wanted: WantedUser
  readonly leftThreepids: number
}

export type Judgement =
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  /** The same, unless an account that has not had its turn gives it up. */
  | { readonly kind: 'waits'; readonly conflict: Conflict }
  /** `without`: absent where nothing is left. */
  | { readonly kind: 'free'; readonly without?: Without }

/** What becomes of a user of whose names some are others'. */
export const judgeHeld = (wanted: WantedUser, held: readonly Held[], standing: (held: Held) => Standing): Judgement => {
  const keeping = held.filter((one) => standing(one) === 'keeps')
  const blocking = keeping.find(({ isLeft }) => !isLeft)
  if (blocking !== undefined) return { kind: 'conflict', conflict: conflictOf(wanted, blocking) }
  const awaited = held.find((one) => standing(one) === 'later')
  if (awaited !== undefined) return { kind: 'waits', conflict: conflictOf(wanted, awaited) }
  return keeping.length === 0 ? { kind: 'free' } : { kind: 'free', without: withoutNames(wanted, keeping.map(kindOf)) }
}

/** The same of an address that another account of the same homeserver gets. */
export const judgeClaimed = (wanted: WantedUser, left: number, { email }: Pick<ConflictRules, 'email'>): Judgement => {
  if (email !== 'leave') {
    return { kind: 'conflict', conflict: { reason: 'email_taken', against: 'another account of this homeserver' } }
  }
  const without = withoutNames(wanted, ['email'])
  return { kind: 'free', without: { ...without, leftThreepids: left + without.leftThreepids } }
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
