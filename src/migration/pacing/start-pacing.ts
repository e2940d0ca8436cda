import { shellWord } from '../../report/resume-command.ts'
import type { ProgressListener } from '../../targets/progress.ts'
import type { RunRecorder } from '../run-recorder.ts'
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
  readonly recorder?: Pick<RunRecorder, 'note'>
}

/** A run that takes longer than this is one that somebody may want to pause. */
const LONG_MS = 10_000

/** Runs `work` at the pace that was asked for: with limits, and with pauses that a person switches from outside. */
export const paced = async <Result>(
  { pacing = {}, stopSoon = neverAsked, runs, runId, concurrency, progress, recorder }: PacedRun,
  work: (pace: Pace) => Promise<Result>,
): Promise<Result> => {
  const file = runs === undefined ? undefined : runFiles(runs, runId).pause
  const pause = pauseSwitch(file)
  const { maxRate, maxRejected } = pacing
  const pace = makePace({
    concurrency,
    stopSoon: stopSoon.asked,
    pause,
    ...(maxRate === undefined ? {} : { maxRate }),
    ...(maxRejected === undefined ? {} : { maxRejected }),
    onBound: (bound) => progress.bound?.(bound),
  })
  const ways = waysOn(file, pacing.onToggle === undefined ? 'file only' : 'file or signal')
  const tellPause = (): void => {
    progress.note(pause.isPaused() ? pausedText(ways) : 'Going on.')
    progress.bound?.(pace.bound())
  }
  pause.onChange(tellPause)
  if (pause.isPaused()) tellPause()
  // Whoever asked has been answered; here it is for the record.
  const asked = (): void => recorder?.note('Asked to stop: what is under way is finished.')
  stopSoon.asked.addEventListener('abort', asked, { once: true })
  const ignore = pacing.onToggle?.(() => void pause.toggle())
  const hint = setTimeout(() => {
    if (file !== undefined && !stopSoon.asked.aborted && !pause.isPaused()) progress.note(hintText(file))
  }, LONG_MS)
  hint.unref()
  try {
    return await work(pace)
  } finally {
    clearTimeout(hint)
    stopSoon.asked.removeEventListener('abort', asked)
    ignore?.()
    await pause.end()
  }
}

const hintText = (file: string): string => `To let this run rest between batches: touch ${shellWord(file)}`

/** A signal that nobody listens for would end the process. */
const waysOn = (file: string | undefined, by: 'file only' | 'file or signal'): string => {
  const signal = by === 'file only' ? [] : [`kill -USR2 ${process.pid}`]
  const [first = '', ...others] = [...(file === undefined ? [] : [`rm ${shellWord(file)}`]), ...signal]
  return [first, ...others.map((one) => `(or ${one})`)].join(' ')
}

const pausedText = (ways: string): string =>
  `Paused: what is under way is finished, and nothing more begins. To go on: ${ways}`
