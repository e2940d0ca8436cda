import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { EndDescription, PhaseTime, RowDifference, TableResult, TableVerification } from '../report/documents.ts'
import type { Finding } from '../report/finding.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'

/** Told while a run works; the terminal's progress and the run's log are views of it. */
export interface ProgressListener {
  /** A phase of the run has begun: 'prepare', 'copy', 'keys', 'indexes', 'foreign keys', 'finish'. */
  phase(phase: string): void
  /** Rows done in a named piece of work; `total` is an estimate and may be 0 when unknown. */
  advance(work: string, done: number, total: number): void
  /** A line for the person who watches. */
  note(message: string): void
}

export const silentProgress: ProgressListener = { phase: () => {}, advance: () => {}, note: () => {} }

/** A provider of the target, by the name under which Synapse's rows know it. */
export interface TargetProvider {
  readonly id: string
  readonly authProvider: string
}

/** The source with its decision made: what a target's SQL selects from. */
export interface DecidedSource {
  /** The named queries account, password, threepid, external_id, session, access_token and refresh_token. */
  readonly decisions: RawBuilder<unknown>
  /** Connections within one snapshot of the source. */
  readonly readers: readonly Client[]
}

export interface TargetCheck {
  readonly homeserver: HomeserverConfig
  /** Rows of SSO identities per provider that would be carried or have no provider, under their mapped names. */
  readonly providersInUse: readonly { readonly authProvider: string; readonly count: number }[]
  readonly passwords: number
  /** A connection to the source; absent when it could not be opened. */
  readonly source?: Client
}

/** What a finished run left on record at the target. */
export interface PastRun {
  readonly runId: string
  /** Milliseconds since 1970. */
  readonly asOf: number
}

export interface RunIdentity {
  readonly runId: string
  readonly asOf: number
  readonly serverName: string
  readonly mappingSha256: string
}

export interface LoadRequest extends DecidedSource, RunIdentity {
  /** How many rows the plan counted, for the progress. */
  readonly expectedRows: number
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

export interface LoadResult {
  readonly tables: readonly TableResult[]
  readonly phases: readonly PhaseTime[]
}

export interface VerifyResult {
  readonly tables: readonly TableVerification[]
  /** The first differences of each table. */
  readonly differences: readonly RowDifference[]
}

/**
 * One OpenID Provider, made from its parsed settings by a function of its room.
 *
 * How to write one: keep it dumb. It knows its own tables or requests, nothing of the command line, the environment,
 * the terminal or another target. It decides nothing about accounts: that is done before it is asked. It reports only
 * what is committed. Its errors are `Syn2opError`s whose messages hold no secret. Every piece of I/O can be stopped.
 */
export interface Target {
  /** As `--target` names it. */
  readonly name: string
  readonly providers: readonly TargetProvider[]
  describe(): Promise<EndDescription>
  /**
   * Keeps other runs away until `close`, and takes back what a run that died has left.
   * @returns what was taken back, in words; undefined where there was nothing.
   */
  takeOver(): Promise<string | undefined>
  check(check: TargetCheck): Promise<readonly Finding[]>
  /** All or nothing: after a failure the target is as it was. */
  load(request: LoadRequest): Promise<LoadResult>
  /** Finished runs, the newest first. */
  pastRuns(): Promise<readonly PastRun[]>
  /** Compares every column of every wanted row with what is there. */
  verify(source: DecidedSource): Promise<VerifyResult>
  close(): Promise<void>
}
