import type { DemoRow } from '../../../../src/rehearsal/demo/rows.ts'

/** Somebody of whom it is asked what becomes of them at Auth0. */
export interface SpecialAccount {
  readonly what: string
  readonly localpart: string
  /** As it was typed when it was set, with how Synapse keeps it; absent: none. */
  readonly password?: SpecialPassword
  /** Columns of `users` that are not as usual. */
  readonly columns?: DemoRow
  readonly emails?: readonly string[]
  /** The digits of international numbers. */
  readonly phones?: readonly string[]
  readonly devices?: number
  /** Where Auth0 is told the pepper, and nobody needs an e-mail address. */
  readonly becomes: 'created' | 'held back' | 'rejected'
  /** The reason or the words. */
  readonly because?: string
  /** What its user is like. */
  readonly user?: object
  /** What its user has not. */
  readonly lacks?: 'email' | 'phone_number'
  /** How many addresses have no place. */
  readonly left?: number
  /** What is typed one after the other; unless it is said, its own password, which lets it in. */
  readonly logins?: readonly SpecialLogin[]
}

interface SpecialLogin {
  readonly typed: string
  /** In words; absent: the password as it was set. */
  readonly as?: string
  readonly ends: 'in' | 'refused'
}

export interface SpecialPassword {
  readonly typed: string
  readonly cost?: 4 | 12
  readonly variant?: '2a' | '2b' | '2x' | '2y'
}

/** A password, hashed as Synapse does it now unless it is said. */
export const password = (typed: string, how: Omit<SpecialPassword, 'typed'> = {}): SpecialPassword => ({
  typed,
  ...how,
})
