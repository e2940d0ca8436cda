import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { PlainAccounts } from '../accounts/plain-accounts.ts'
import type { FieldComparison, SyncDeletion } from '../report/proof-parts.ts'
import type { DecidedSource } from './batch.ts'
import type { Outcome } from './changes.ts'
import type { ProgressListener } from './progress.ts'
import type { CohortState, RoadHistory, RoadRunKind, RunPart } from './road-history.ts'
import type { LoadRequest, LoadResult } from './road-load.ts'
import type { LoadProbe } from './road-probe.ts'
import type { RollbackPlan, RollbackScope, RollbackSource } from './road-rollback.ts'
import type { RunIdentity, Stoppable, VerifyResult } from './target.ts'

/** Which account is in which cohort, for the first run that writes to freeze. */
export interface CohortMembers {
  /** In order; the last one takes the rest. */
  readonly names: readonly string[]
  /** A query on the source: owner (bigint, see AccountPrints), cohort (smallint, a position in `names`). */
  readonly members: RawBuilder<unknown>
  readonly reader: Client
}

/**
 * One number per account over all that its decision and its rows depend on in the source: rows that were added, changed
 * or deleted show in it, whenever and by whomever that was done.
 */
export interface AccountPrints {
  /** A query on the source: owner (bigint, of the mxid), print (bigint), rows (integer), of the accounts that have a name. */
  readonly prints: (part: AccountPart) => RawBuilder<unknown>
  /** A query on the source: owner and held (text), of the accounts that are held back: the reason. */
  readonly held: RawBuilder<unknown>
  /** A query on the source: owner, of accounts that depend on more than the rows under their own name. */
  readonly always: RawBuilder<unknown>
  /** A query on the source: owner, of accounts of which something has expired at one of two as-of times only. */
  readonly expiring: (one: number, other: number) => RawBuilder<unknown>
  /** Milliseconds since 1970. */
  readonly asOf: number
  readonly readers: readonly Client[]
}

/** One of so many parts of all accounts, counted from 0: each reader looks at its own, and every account is in one. */
export interface AccountPart {
  readonly number: number
  /** At most 1024. */
  readonly of: number
}

/** Owners (see AccountPrints) whose print is not the one on record. */
export interface ChangedOwners {
  readonly owners: readonly string[]
  /** Owners on record that the source no longer has; by their mxid, since the source cannot say it. */
  readonly gone: readonly string[]
  /** Accounts of the source whose print is on record. */
  readonly unchanged: number
  /** Of `owners`, those that are looked at by every run, and are as they were when they were last written. */
  readonly always: readonly string[]
  /** How many of `owners` belong to cohorts that no run has begun. */
  readonly waiting: number
}

export interface ChangedCount {
  /** New, or with another print, or due since something of theirs has expired. */
  readonly changed: number
  readonly gone: number
  readonly unchanged: number
  /** New ones of cohorts that no run has begun. */
  readonly waiting: number
}

/** Of unchanged accounts, how many are held back for which reason; null: migrated. */
export interface RecordedDecisions {
  readonly reason: string | null
  readonly count: number
}

export interface KeyProof {
  /** Per table: rows that should be there, rows that are, and buckets of keys that differ. */
  readonly tables: readonly {
    readonly table: string
    readonly wanted: number
    readonly present: number
    readonly differingBuckets: number
  }[]
}

export interface VerifySource extends DecidedSource, Stoppable {
  /** Only these: the decisions are of these accounts only, and so is what is compared. */
  readonly accounts?: readonly string[]
  /** Owners (see AccountPrints) that are left out, since their rows in the source have changed. */
  readonly without?: readonly string[]
}

/** What became of an access token at the target. */
export type TokenState = 'active' | 'expired' | 'session ended' | 'missing'

/** Who keeps other runs away from a target: its process, where the name of its session says so. A long host may be cut. */
export type TargetHolder = 'nobody' | 'unknown' | { readonly pid: number; readonly host: string }

/** The optional part of a target whose database can be written to: whole homeservers by SQL. */
export interface SqlRoad {
  history(): Promise<RoadHistory>
  /** Who is at work, without waiting for them. */
  holder?(): Promise<TargetHolder>
  /**
   * Fills an empty target. All or nothing: after a failure it is as it was.
   * `in place`: it can be used at once. `aside`: under other names, until `finish`; with the prints on record.
   */
  load(
    request: LoadRequest & { readonly ends: 'in place' | 'aside'; readonly prints: AccountPrints },
  ): Promise<LoadResult>
  /**
   * Enters a run that goes on from what is there, or goes on with an unfinished one.
   * @param run.part absent: it looks at all accounts.
   * @param run.compares it compares what it writes: until it ended so it is unproved (see RoadHistory).
   */
  begin(
    run: RunIdentity & {
      readonly kind: Exclude<RoadRunKind, 'load'>
      readonly part?: RunPart
      readonly compares?: true
    },
    stop: Stoppable,
  ): Promise<void>
  /**
   * Puts on record what a load wrote that ended before it had (`RoadHistory.unrecorded`): the accounts that stand at the
   * target just as the source makes them. All others pass for somebody else's from now on.
   */
  recordUnrecorded?(
    load: DecidedSource & Stoppable & { readonly runId: string; readonly prints: AccountPrints },
  ): Promise<void>
  /**
   * Loads some rows of each table beside the target's own, for a forecast, and leaves nothing.
   * @returns undefined where that is not allowed.
   */
  probeLoad?(source: DecidedSource & Stoppable & { readonly rows: number }): Promise<LoadProbe | undefined>
  /** How many accounts differ from those on record. Writes nothing and needs no lock: a run may be at work. */
  countChanged(prints: AccountPrints, stop: Stoppable): Promise<ChangedCount>
  /**
   * Which accounts of the source are not as they were when they were last written.
   * @param options.cohort only those of this one.
   * @param options.writtenBy with those of which this run wrote rows, as if they were looked at by every run.
   */
  changedOwners(
    prints: AccountPrints,
    options: Stoppable & { readonly cohort?: string; readonly writtenBy?: string },
  ): Promise<ChangedOwners>
  /** Of the accounts that the last call of `changedOwners` found unchanged; its cohort must be the same. */
  recordedDecisions(options?: { readonly cohort?: string }): Promise<readonly RecordedDecisions[]>
  /** Takes away what `changedOwners` left at the target, for who only looks: a run's goes with its end. Never fails. */
  forgetChanged(): Promise<void>
  /** Puts on record that a copy was compared as a whole, or all that one run has written, and is what it should be. */
  markProved(runs: { readonly runId: string } | 'all'): Promise<void>
  /** Compares all keys by buckets with those on record. */
  proveKeys(stop: Stoppable): Promise<KeyProof>
  /**
   * Ends a run. `in place`: what stood aside goes to its place, and the migration is final.
   * @param run.unproved not all that it wrote was found to be what it should be.
   */
  finish(
    run: RunIdentity & { readonly ends: 'in place' | 'aside'; readonly unproved?: true },
    stop: Stoppable,
  ): Promise<void>
  /** Cohorts as they were frozen; none where none were. */
  cohorts?(): Promise<readonly CohortState[]>
  /**
   * Puts on record who is in which cohort. Where that is on record everybody stays where they are, and who has come since
   * is of the rest.
   * @throws Syn2opError run.other-cohorts where cohorts of other names are on record.
   */
  freezeCohorts?(cohorts: CohortMembers, stop: Stoppable): Promise<void>
  /**
   * From now on this cohort, or each of them, or each whose members are all on record, counts as begun. Does nothing where
   * none are frozen.
   */
  markBegun?(cohort: { readonly name: string } | 'all' | 'complete'): Promise<void>
  /** The members of a frozen cohort, owners; `rest`: everybody but these. */
  cohortOwners?(name: string): Promise<{ readonly are: 'members' | 'others'; readonly owners: readonly string[] }>
  /** The cohort of one account as it was frozen; undefined where none were. */
  cohortOf?(mxid: string): Promise<string | undefined>
  /**
   * How many accounts of the source are in each frozen cohort, by whether they are held back.
   * @param decided a query on the source: owner (bigint), held (text).
   */
  countByCohort?(
    decided: { readonly query: RawBuilder<unknown>; readonly reader: Client },
    stop: Stoppable,
  ): Promise<readonly (RecordedDecisions & { readonly cohort: string })[]>
  /**
   * Accounts of the source, owners, that no run has come to: of cohorts that none has begun, and until a run of everybody
   * has ended whoever is not on record. Writes nothing.
   * @param accounts a query on the source: owner (bigint), of every account that has a name.
   */
  waitingOwners?(
    accounts: { readonly query: RawBuilder<unknown>; readonly reader: Client },
    stop: Stoppable,
  ): Promise<readonly string[]>
  /** An empty copy aside, for a first stage, which compares what it writes; later runs bring it up to date. */
  beginCopy?(run: RunIdentity & { readonly part: RunPart }, stop: Stoppable): Promise<void>
  /**
   * What taking it back would do. Writes nothing.
   */
  planRollback?(scope: RollbackScope, source: RollbackSource): Promise<RollbackPlan>
  /**
   * Takes it back, a batch of accounts at a time; whatever is committed stands, and the same call does the rest.
   * @param source.stopSoon aborted when the batch under way is to be the last.
   */
  rollback?(
    scope: RollbackScope,
    source: RollbackSource & {
      readonly stopSoon?: AbortSignal
      /** Told what became of the accounts of a batch once it is committed, but where everything goes at once. */
      readonly batchDone?: (batch: { readonly ordinal: number }, outcomes: readonly Outcome[]) => Promise<void>
      readonly progress: ProgressListener
    },
  ): Promise<RollbackPlan>
  /** Compares every column of every wanted row with what is there. */
  verify(source: VerifySource): Promise<VerifyResult>
  /**
   * Tells every device and e-mail that the target would make the source delete when it next syncs each account.
   * Each is told before the next is looked for, so that a list of any length needs no memory. Where this is, what stays
   * behind of an account that migrates is deleted too.
   */
  syncDeletions?(source: DecidedSource & Stoppable, tell: (deletion: SyncDeletion) => Promise<void>): Promise<void>
  /** What became of some access tokens, by the sha256 of each in hexadecimal. */
  tokenStates?(digests: readonly string[]): Promise<ReadonlyMap<string, TokenState>>
  /** Compares each field of every row of some accounts, by a way that shares nothing with the copy and the hashes. */
  compareFields?(plain: PlainAccounts): Promise<Omit<FieldComparison, 'seed'>>
}
