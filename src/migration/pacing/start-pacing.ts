import { shellWord } from '../../report/resume-command.ts'
import type { ProgressListener } from '../../targets/target.ts'
import { runFiles } from '../runs/run-folder.ts'
import { makePace } from './make-pace.ts'
import type { Pace } from './pace.ts'
import type { PacingRequest } from './pacing-request.ts'
import { pauseSwitch } from './pause-switch.ts'
import { neverAsked, type StopSoon } from './stop-soon.ts'

export interface PacedRun {
  readonly pacing?: PacingRequest
  readonly stopSoon?: StopSoon
  /** The folder of all runs. */
  readonly runs?: string
  readonly runId: string
  /** How many batches may be at work at the same time. */
  readonly concurrency: number
  readonly progress: ProgressListener
}

/** Runs `work` at the pace that was asked for: with limits, and with pauses that a person switches from outside. */
export const paced = async <Result>(
  { pacing = {}, stopSoon = neverAsked, runs, runId, concurrency, progress }: PacedRun,
  work: (pace: Pace) => Promise<Result>,
): Promise<Result> => {
  const file = runs === undefined ? undefined : runFiles(runs, runId).pause
  const pause = await pauseSwitch(file)
  pause.onChange(() => progress.note(pause.isPaused() ? pausedText(file) : 'Going on.'))
  const ignore = pacing.onToggle?.(() => void pause.toggle())
  const { maxRate, maxRejected } = pacing
  try {
    return await work(
      makePace({
        concurrency,
        stopSoon: stopSoon.asked,
        pause,
        ...(maxRate === undefined ? {} : { maxRate }),
        ...(maxRejected === undefined ? {} : { maxRejected }),
        onBound: (bound) => progress.bound?.(bound),
      }),
    )
  } finally {
    ignore?.()
    await pause.end()
  }
}

const pausedText = (file: string | undefined): string => {
  const signal = `kill -USR2 ${process.pid}`
  const ways = file === undefined ? signal : `rm ${shellWord(file)} (or ${signal})`
  return `Paused: what is under way is finished, and nothing more begins. To go on: ${ways}`
}
