import type { Mapping } from '../mapping/mapping.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { PlanDocument } from '../report/documents.ts'
import type { Pseudonyms } from '../report/pseudonyms/pseudonyms.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { StagedSource } from '../synapse/sqlite/staged-source.ts'
import type { ProgressListener } from '../targets/progress.ts'
import type { Target } from '../targets/target.ts'
import type { BackupGiven } from './backup/backup.ts'
import type { PacingRequest } from './pacing/pacing-request.ts'
import type { StopSoon } from './pacing/stop-soon.ts'
import type { RunRecorder } from './run-recorder.ts'

/** All that a command gives the library: settings parsed, files read, nothing connected yet. */
export interface MigrationRequest {
  readonly homeserver: HomeserverConfig
  readonly source: PostgresSettings
  /** Where the source's rows are those of a SQLite file: what that file tells beyond them. */
  readonly staged?: StagedSource
  readonly openTarget: (signal: AbortSignal) => Promise<Target>
  readonly mapping: Mapping
  /** Only the accounts of this cohort; for `plan` and `migrate`. */
  readonly cohort?: string
  /** At most so many accounts that something has to be done about; for `migrate`. */
  readonly limit?: number
  /** What slows batches down or ends them early; for `migrate`. Absent: nothing does. */
  readonly pacing?: PacingRequest
  /** Milliseconds since 1970; absent: the start, or for verify the as-of time of the run that is verified. */
  readonly asOf?: number
  /** What is known of the server that the source follows, where the source is a replica; for a final run. */
  readonly replica?: {
    /** Where Synapse writes, as its own configuration says. */
    readonly primary?: () => Promise<PostgresSettings | undefined>
    /** A position of the primary's log, taken after Synapse was stopped: `16/B374D848`. */
    readonly replayed?: string
    /** How long to wait for it, milliseconds. */
    readonly patience?: number
  }
  /** How many tables are read at the same time. */
  readonly readers: number
  /** Codes of warnings that are acknowledged, beside those that the mapping accepts. */
  readonly accept: readonly string[]
  /** What is known of a backup; absent: nobody has said anything. */
  readonly backup?: BackupGiven
  /** A plan that the run is bound to, as its file holds it; for `migrate`. */
  readonly plan?: { readonly file: string; readonly document: PlanDocument }
  /** plan: the decision about every account is put into the document, for a file that `migrate --plan` reads. */
  readonly decided?: 'of every account'
  /** An older plan; for `plan`, which then says what is new since. */
  readonly compare?: { readonly file: string; readonly document: PlanDocument }
  /** A file for the whole list of predictions, as CSV; for `plan` and `verify`. */
  readonly predictions?: string
  /** What people are called in that file, where their names are not to be shown. */
  readonly pseudonyms?: Pseudonyms
  /** plan: nothing is tried for a forecast. */
  readonly forecast?: 'none'
  /** The folder of the runs, absolute: where a run keeps a file of its own that another one may need. */
  readonly runs?: string
  readonly progress: ProgressListener
  /** Keeps the record of a run that writes; absent: nobody does. */
  readonly recorder?: RunRecorder
  /** As it was typed, word by word, for texts that say how to go on; absent: `syn2op migrate`. */
  readonly command?: readonly string[]
  /** Lets a run finish what is under way when it is asked to stop; without it `signal` alone stops. */
  readonly stopSoon?: StopSoon
  readonly signal: AbortSignal
}
