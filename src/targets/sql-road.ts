import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { DecidedSource } from './batch.ts'
import type { LoadRequest, LoadResult, PastRun, RunIdentity, Stoppable, VerifyResult } from './target.ts'

/**
 * How far a target with a database has come.
 * empty: no rows of people. online: our copy stands aside, and nobody uses it. migrated: rows of ours are in place,
 * by a load, a merge or a final run. people: rows of people, none of them ours.
 */
export type RoadState = 'empty' | 'online' | 'migrated' | 'people'

/** What the journal says of the runs before this one. */
export interface RoadHistory {
  readonly state: RoadState
  /** Finished runs, the newest first. */
  readonly runs: readonly PastRun[]
  /** A merge or an online run that was begun and did not end; it is resumed by going on. */
  readonly unfinished?: PastRun
  /** True once `migrate --final` ended. */
  readonly final: boolean
  /** The mapping of the last run: another one decides anew about everybody. */
  readonly mappingSha256?: string
}

/**
 * One number per account over all that its decision and its rows depend on in the source: rows that were added, changed
 * or deleted show in it, whenever and by whomever that was done.
 */
export interface AccountPrints {
  /**
   * Queries on the source, each of some tables: owner (bigint, of the mxid), print (bigint), rows (integer).
   * An account's print is the exclusive or of them all, its rows their sum.
   */
  readonly queries: readonly RawBuilder<unknown>[]
  /**
   * A query on the source: owner and held (text), of every account: held is the reason why it is held back.
   */
  readonly decided: RawBuilder<unknown>
  /** A query on the source: owner, of accounts that depend on more than the rows under their own name. */
  readonly always: RawBuilder<unknown>
  readonly readers: readonly Client[]
}

/** Owners (see AccountPrints) whose print is not the one on record. */
export interface ChangedOwners {
  readonly owners: readonly string[]
  /** Owners on record that the source no longer has; by their mxid, since the source cannot say it. */
  readonly gone: readonly string[]
  /** Accounts of the source whose print is on record. */
  readonly unchanged: number
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

/** The optional part of a target whose database can be written to: whole homeservers by SQL. */
export interface SqlRoad {
  history(): Promise<RoadHistory>
  /**
   * Fills an empty target. All or nothing: after a failure it is as it was.
   * `in place`: it can be used at once. `aside`: under other names, until `finish`; with the prints on record.
   */
  load(
    request: LoadRequest & { readonly ends: 'in place' | 'aside'; readonly prints: AccountPrints },
  ): Promise<LoadResult>
  /** Enters a run that goes on from what is there, or goes on with an unfinished one. */
  begin(run: RunIdentity & { readonly kind: 'online' | 'final' | 'merge' }): Promise<void>
  /** Which accounts of the source are not as they were when they were last written. */
  changedOwners(prints: AccountPrints, stop: Stoppable): Promise<ChangedOwners>
  recordedDecisions(): Promise<readonly RecordedDecisions[]>
  /** Compares all keys by buckets with those on record. */
  proveKeys(stop: Stoppable): Promise<KeyProof>
  /** Ends a run. `in place`: what stood aside goes to its place, and the migration is final. */
  finish(run: RunIdentity & { readonly ends: 'in place' | 'aside' }): Promise<void>
  /** Compares every column of every wanted row with what is there; of some accounts where the source is of these only. */
  verify(source: DecidedSource & { readonly accounts?: readonly string[] }): Promise<VerifyResult>
}
