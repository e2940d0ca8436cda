import { join } from 'node:path'

/** The files of one run. */
export interface RunFiles {
  readonly folder: string
  /** The plan's document, written before anything else. */
  readonly plan: string
  /** The plan that the run is bound to; absent where it is bound to none. */
  readonly bound: string
  /** A line of JSON for each thing that happened. */
  readonly events: string
  /** A line of JSON for each account that was not plainly created or unchanged. */
  readonly accounts: string
  /** The run's document; absent until it has ended well. */
  readonly report: string
  /** While this is there, the run rests between batches. */
  readonly pause: string
}

/**
 * Whether a text can be a run's id: such names only are ever made, and no other folder is looked into.
 * `20261121-031500-9f3a`
 */
export const isRunId = (text: string): boolean => /^\d{8}-\d{6}-[0-9a-f]{4,}$/u.test(text)

/** @param runs the folder of all runs. */
export const runFiles = (runs: string, runId: string): RunFiles => {
  const folder = join(runs, runId)
  return {
    folder,
    plan: join(folder, 'plan.json'),
    bound: join(folder, 'bound-plan.json'),
    events: join(folder, 'events.ndjson'),
    accounts: join(folder, 'accounts.ndjson'),
    report: join(folder, 'report.json'),
    pause: join(folder, 'pause'),
  }
}
