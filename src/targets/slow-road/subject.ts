import type { AccountDecision } from '../batch.ts'
import type { AccountChange } from '../changes.ts'
import type { Conflict, Judgement } from './judgement.ts'
import type { Name } from './name.ts'
import type { RunNames } from './run-names.ts'

/** An account of a batch, and what user it becomes. */
export interface Subject<Wanted> {
  readonly decision: AccountDecision
  readonly id: string
  /** Holds a secret. Absent: the account does not migrate. */
  readonly wanted?: Wanted
}

/** What is known of the names of an account. */
export interface Naming<Without> {
  /** What it gives up, if nothing is in its way. */
  readonly gives?: readonly Name[]
  /** Somebody else's, in the way of all of it. */
  readonly conflict?: Conflict
  /**
   * What is in the way may be gone later: the holder is ours and has not had their turn; or the address is that of an account that
   * was planned before, and whether that gets it is known once it is written.
   */
  readonly waits?: 'for a holder' | 'for a claimant'
  /** Where rows are left since what they hold is somebody else's: what is wanted without them. */
  readonly without?: Without
}

type Known<Without> = Naming<Without> & { readonly id: string }

export interface Settling<Without, OfAccount, Planned> {
  /** By whoever has its names. Absent: it is to have none. */
  readonly judged: Judgement<Without> | undefined
  readonly plan: (subject: OfAccount) => Planned
  /** Claims the address that it gets so, in the place of what it had claimed; false: another account was first. */
  readonly claim: (planned: Planned) => boolean
  /** `foreseen`: who is not first does not get it. `awaited`: they may, once the first has been written. */
  readonly claims: 'foreseen' | 'awaited'
  /** Whether everybody has had their turn but those who wait. */
  readonly isLast: boolean
  /** What becomes of it without that address. */
  readonly judgeClaimed: (without: Without | undefined) => Judgement<Without>
}

/**
 * What becomes of an account once it is known whose its names are.
 * @param planned as if nothing were in its way
 */
export const settleNames = <Without, OfAccount extends Known<Without>, Planned extends { readonly subject: OfAccount }>(
  planned: Planned,
  { judged = { kind: 'free' }, plan, claim, claims, isLast, judgeClaimed }: Settling<Without, OfAccount, Planned>,
): Planned => {
  const { subject } = planned
  if (judged.kind === 'conflict') return plan({ ...subject, conflict: judged.conflict })
  if (judged.kind === 'waits') return plan({ ...subject, conflict: judged.conflict, waits: 'for a holder' })
  const without = judged.without ?? subject.without
  const free = without === undefined ? planned : plan({ ...subject, without })
  if (claim(free) || (claims === 'awaited' && isLast)) return free
  const other = judgeClaimed(without)
  const waits = 'for a claimant'
  if (other.kind !== 'free') return plan({ ...subject, conflict: other.conflict, waits })
  return plan({ ...subject, waits, ...(other.without === undefined ? {} : { without: other.without }) })
}

/** Notes what an account would give up, for plans that are all there will be of it. */
export const noteGiven = (
  runNames: RunNames,
  { subject, change }: { readonly subject: Known<unknown>; readonly change: AccountChange },
): void => {
  const { id, gives = [] } = subject
  const stays = change.change === 'conflict' && change.waits !== true
  runNames.gives(id, stays ? [] : gives)
}
