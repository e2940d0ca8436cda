import type { Forecast } from './plan-parts.ts'

/** An account by name, with why. */
export interface AccountSample {
  readonly mxid: string
  readonly reason?: string
  /** In words without a secret. */
  readonly message?: string
}

/** Evidence of a run's end. */
export interface RunProof {
  /** Rows that should be there and were compared, column by column, and those of them that are not as they should be. */
  readonly rows: number
  readonly wrongRows: number
  /** Keys on record in all tables, and buckets of keys in which others are there. */
  readonly keys: number
  readonly differingBuckets: number
  /** Every row of the copy was compared, and not only those of accounts that the run looked at. */
  readonly whole?: true
}

/** A cohort as it was frozen, and how far it has come. */
export interface Stage {
  readonly name: string
  readonly members: number
  /** A run has begun to copy it, or all of it is on record. */
  readonly begun: boolean
  /** Members at the target, or held back by their decision. */
  readonly recorded: number
}

/** What a plan or a run says of the accounts where it goes on from what is there. */
export interface GoneOn {
  /** Accounts looked at again: those that are new, have changed or are gone, and those that always are. */
  readonly candidates?: number
  /** The first accounts that the target refused. */
  readonly rejected?: readonly AccountSample[]
  /** The first accounts held back because somebody else's name, e-mail or identity is in the way. */
  readonly conflicts?: readonly AccountSample[]
}

/** A run that ended before all was attempted, and can be gone on with. What it did stands. */
export interface EndedEarlyNote {
  /** A person asked it to stop, or the target rejected more accounts than may be. */
  readonly why: 'stopped' | 'too many rejected'
  /** The command that goes on with it, as it is typed. */
  readonly resume: string
}

/** What only some runs have to say. */
export interface RunExtras extends GoneOn {
  /** load: into an empty target. online: a copy that stands aside. final: its end. merge: beside the target's people. */
  readonly road?: 'load' | 'online' | 'final' | 'merge'
  /** The run looked at this cohort only: its accounts are those that are counted. */
  readonly cohort?: string
  /** The run did something about so many accounts at most. */
  readonly limit?: number
  /** The cohorts, in their order, as they stood when the run ended. */
  readonly stages?: readonly Stage[]
  /** The run goes on with one that did not end. */
  readonly resumed?: true
  /** Milliseconds, the questions to a person left out, from the start until the target could be used. */
  readonly downtime?: number
  readonly proof?: RunProof
  /** The run of which what it wrote was found wrong, or not all of it was compared: the next one of everybody does that. */
  readonly unproved?: string
  /** Why a final run did not end the migration, a sentence each: everything is as it was, the copy brought up to date. */
  readonly refused?: readonly string[]
  readonly endedEarly?: EndedEarlyNote
  /** The rows stand, but could not be put on record as ours. */
  readonly unrecorded?: true
  /** What the plan that the run is bound to foretold. */
  readonly forecast?: Forecast
}
