import type { ReasonCode } from '../accounts/reasons.ts'
import type { PlanDocument, RunDocument } from '../report/documents.ts'
import type { LinkDocument } from '../report/link-document.ts'
import type { RollbackDocument } from '../report/rollback-document.ts'
import type { RunKind } from '../report/run-record.ts'
import type { Outcome } from '../targets/changes.ts'
import type { ProgressListener } from '../targets/progress.ts'
import type { Stoppable } from '../targets/target.ts'
import { failureOf } from './failure-of.ts'

export interface RunStart {
  readonly runId: string
  readonly kind: RunKind
  /** What was shown before it began. */
  readonly plan: PlanDocument | RollbackDocument | LinkDocument
  /** The plan that it is bound to, for the run that may go on with it. */
  readonly boundTo?: PlanDocument
  /** The unfinished run that this one goes on with; the same run where it keeps its name. */
  readonly resumes?: string
  /** The only cohort that it looks at. */
  readonly cohort?: string
  /** At most so many accounts, those of the run that it goes on with among them. */
  readonly limit?: number
}

/** An account that the decision holds back. */
export interface HeldBackAccount {
  /** NULL in a source whose account has no name. */
  readonly mxid: string | null
  readonly reason: ReasonCode
}

/**
 * Keeps the record of one run, as it goes. Only `begin` fails, before anything is written at the target: whatever
 * happens to the record later is told once and never ends the run.
 */
export interface RunRecorder {
  /**
   * Makes the run's folder, but for a run that goes on with itself, and puts the plan there. To be called before anything
   * is written at the target.
   * @throws Syn2opError run.unwritable
   */
  begin(start: RunStart): Promise<void>
  /** Accounts that are held back, in the source's order; the whole list of them never stands in memory. */
  heldBack(accounts: AsyncIterable<readonly HeldBackAccount[]>): Promise<void>
  /** A batch is committed: every account of it once. */
  batchApplied(batch: { readonly ordinal: number }, outcomes: readonly Outcome[]): Promise<void>
  phase(phase: string): void
  note(message: string): void
  finish(document: RunDocument | RollbackDocument | LinkDocument): Promise<void>
  /** The run ended with this error; of it only what a person may see is kept. */
  fail(error: unknown): Promise<void>
}

export const silentRecorder: RunRecorder = {
  begin: async () => {},
  heldBack: async () => {},
  batchApplied: async () => {},
  phase: () => {},
  note: () => {},
  finish: async () => {},
  fail: async () => {},
}

/** Phases and notes go into the record on their way to the one who watches. */
export const recordedProgress = (recorder: RunRecorder, progress: ProgressListener): ProgressListener => ({
  phase: (phase) => {
    recorder.phase(phase)
    progress.phase(phase)
  },
  advance: (work, done, total) => progress.advance(work, done, total),
  note: (message) => {
    recorder.note(message)
    progress.note(message)
  },
  bound: (by) => progress.bound?.(by),
  atWork: (words) => progress.atWork?.(words),
})

/** Runs `work` between the begin of a record and its end, whichever that is. */
export const recorded = async <Result extends RunDocument | RollbackDocument | LinkDocument>(
  { recorder = silentRecorder, signal }: Stoppable & { readonly recorder?: RunRecorder },
  start: RunStart,
  work: () => Promise<Result>,
): Promise<Result> => {
  await recorder.begin(start)
  try {
    const document = await work()
    await recorder.finish(document)
    return document
  } catch (thrown) {
    const error = failureOf(thrown, { signal })
    await recorder.fail(error)
    throw error
  }
}
