import type { ProgressListener } from '../../targets/progress.ts'
import type { Stoppable, Target } from '../../targets/target.ts'
import { attempt } from './attempt.ts'
import { openNotes } from './notes.ts'

export interface AfterEarlier extends Stoppable {
  readonly target: Pick<Target, 'name' | 'awaitEarlier'>
  /** As the head of a document names it. */
  readonly location: string
  /** The folder of all runs; absent: nothing is known of earlier ones. */
  readonly runs?: string | undefined
  readonly progress: Pick<ProgressListener, 'note' | 'atWork'>
}

/** Does some work once a target has waited for what earlier runs have left at work there; it keeps its notes until its own end of it. */
export const afterEarlier = async <Result>(
  { target, location, runs, progress, signal }: AfterEarlier,
  work: () => Promise<Result>,
): Promise<Result> => {
  if (target.awaitEarlier === undefined) return work()
  const { note } = progress
  const atWork = (words: string | undefined): void => progress.atWork?.(words)
  const notes = openNotes(runs, { target: target.name, location })
  let end = async (): Promise<void> => {}
  const atEnd = (step: () => Promise<void>): void => {
    end = step
  }
  try {
    await attempt(async () => target.awaitEarlier?.({ notes, signal, note, atWork, atEnd }), { signal, note })
    return await work()
  } finally {
    await end().catch(() => undefined)
    notes.close()
  }
}
