import type { AccountChange, ConflictCode } from '../changes.ts'
import type { Standing } from './standings.ts'

/** Somebody else's, in the way of an account. */
export interface Conflict {
  readonly reason: ConflictCode
  /** Who is in the way, in words. */
  readonly against: string
}

/** An address of an account that another one of the same homeserver gets, since it was planned before. */
export const CLAIMED: Conflict = { reason: 'email_taken', against: 'another account of this homeserver' }

/** What becomes of an account of whose names some are others'. `Without`: what is wanted of it without those that are left. */
export type Judgement<Without> =
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  /** The same, unless an account that has not had its turn gives it up. */
  | { readonly kind: 'waits'; readonly conflict: Conflict }
  /** `without`: absent where nothing is left. */
  | { readonly kind: 'free'; readonly without?: Without }

/** A name that somebody else has. `isLeft`: all else is done where it stays somebody else's. */
interface HeldName {
  readonly isLeft: boolean
}

export interface Judging<Held, Without> {
  readonly standing: (held: Held) => Standing
  readonly conflictOf: (held: Held) => Conflict
  readonly withoutHeld: (held: readonly Held[]) => Without
}

export const judgeHeld = <Held extends HeldName, Without>(
  held: readonly Held[],
  { standing, conflictOf, withoutHeld }: Judging<Held, Without>,
): Judgement<Without> => {
  const keeping = held.filter((one) => standing(one) === 'keeps')
  const blocking = keeping.find(({ isLeft }) => !isLeft)
  if (blocking !== undefined) return { kind: 'conflict', conflict: conflictOf(blocking) }
  const awaited = held.find((one) => standing(one) === 'later')
  if (awaited !== undefined) return { kind: 'waits', conflict: conflictOf(awaited) }
  return keeping.length === 0 ? { kind: 'free' } : { kind: 'free', without: withoutHeld(keeping) }
}

/** The change of an account that is held back by what is somebody else's. */
export const heldBackBy = (
  mxid: string,
  { reason, against }: Conflict,
  waits: 'for a holder' | 'for a claimant' | undefined,
): AccountChange => {
  const isAwaited = waits === 'for a holder'
  const inTheWay = isAwaited ? `${against}, unless they give it up in the same run` : against
  return { mxid, change: 'conflict', reason, against: inTheWay, ...(isAwaited ? { waits: true } : {}), rows: [] }
}
