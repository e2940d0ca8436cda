import type { PhaseTime, TableResult } from '../report/documents.ts'
import type { DecidedSource } from './batch.ts'
import type { ProgressListener } from './progress.ts'
import type { RunIdentity } from './target.ts'

export interface LoadRequest extends DecidedSource, RunIdentity {
  /** How many rows the plan counted, for the progress. */
  readonly expectedRows: number
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

export interface LoadResult {
  readonly tables: readonly TableResult[]
  readonly phases: readonly PhaseTime[]
  /** Milliseconds from the begin until the target could be used; absent where the copy stands aside. */
  readonly usableAfter?: number
  /** Set where the rows stand but could not be put on record as ours. */
  readonly unrecorded?: true
}
