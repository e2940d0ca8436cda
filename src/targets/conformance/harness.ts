import type { Account, Identity } from '../../accounts/account.ts'
import type { Relation } from '../../accounts/relations.ts'
import type { AccountDecision, Batch } from '../batch.ts'
import type { Target } from '../target.ts'

/** What a batch is made of: its decisions, in their order, and the accounts among them that migrate. */
export interface BatchContent {
  readonly ordinal: number
  readonly decisions: readonly AccountDecision[]
  readonly accounts: readonly Account[]
}

/** Something that people do at the target by themselves, such as changing a password. */
export interface PersonalChange {
  /** As the suite tells it: `changes the password`. */
  readonly what: string
  /** Of which relation it changes or removes one row or all. */
  readonly relation: Relation
  /** Rows are removed by it, not changed. */
  readonly removes?: true
  /** Does it, to an account that the suite has migrated. */
  change(account: Account): Promise<void>
}

/** Makes somebody else's account at the target, one that syn2op did not write, which holds what is given. */
export interface ForeignPeople {
  username?(account: Account): Promise<void>
  email?(address: string): Promise<void>
  identity?(identity: Identity): Promise<void>
  token?(accessToken: string): Promise<void>
}

/**
 * What the suite needs of whoever wrote a target: an OP of its own that nobody else uses, and ways to disturb it. Every
 * optional part that is absent skips the cases that need it, each with its reason.
 */
export interface ConformanceHarness {
  readonly name: string
  /** What comes after the colon of every Matrix id of the suite; default `conformance.example`. */
  readonly serverName?: string
  /** How many characters of somebody's identifier at an identity provider the OP can hold; default: any number. */
  readonly longestSubject?: number
  /** How many characters of a username the OP can hold; default: any number. Whoever has a longer one must be found by `check`. */
  readonly longestUsername?: number
  /** Empties the OP: as before the first case. No target is open then. */
  reset(): Promise<void>
  /** Opens the target on the OP. The suite closes it, and never has two open at a time. */
  open(): Promise<Target>
  /**
   * Everything that the OP holds of people, ours and others', as plain data without what is made anew by each run
   * (identifiers, times of writing): equal when the same people are there, in whatever order they were written.
   */
  state(): Promise<unknown>
  /**
   * For a target that reads its rows from a database (`Batch.source`): puts the accounts there and makes the batch. The
   * suite is done with a batch before it asks for the next one. Absent: the batch only has `read()`.
   */
  batch?(content: BatchContent): Promise<Batch>
  /** What people can do by themselves. */
  readonly personal?: readonly PersonalChange[]
  readonly foreign?: ForeignPeople
  /** Which address the OP holds to be the primary one of an account; for a target that follows `primaryEmail`. */
  primaryEmail?(mxid: string): Promise<string | undefined>
  /**
   * Makes the OP refuse one account, as it would a value that it does not allow, until the function that it returns is
   * called.
   */
  refuse?(mxid: string): Promise<() => Promise<void>>
  /** Breaks what connects the open target with the OP, while it applies; `open` works again at once. */
  breakConnection?(): Promise<void>
}
