import { formatMoment } from '../../report/words.ts'
import { hasEnded, lastAttempt, startOf } from './attempt.ts'
import { readRun, type StoredRun } from './read-run.ts'

/**
 * What to tell of a run that did not end: that its process died, where it says neither that it finished nor that it
 * failed. Whoever holds the target's lock by now knows that it does not live.
 * @param runs the folder of all runs; the run may have been started from another one, of which nothing is known here.
 */
export const deathOf = async (runs: string | undefined, runId: string | undefined): Promise<string | undefined> => {
  if (runs === undefined || runId === undefined) return undefined
  // The record is a courtesy: a folder that is gone or broken keeps no run from going on.
  const stored = await readRun(runs, runId).catch(() => undefined)
  return stored === undefined ? undefined : deathText(stored)
}

export const deathText = (run: StoredRun): string | undefined => {
  const attempt = lastAttempt(run)
  const started = startOf(run)
  const last = attempt.at(-1)
  if (started === undefined || last === undefined) return undefined
  if (hasEnded(run)) return undefined
  const { pid, host } = started
  return `The process of run ${run.runId} (${pid} on ${host}) died; it was last heard of at ${formatMoment(last.at)}. Its lock went with it.`
}
