import { type ProgressListener, silentProgress } from '../targets/progress.ts'
import { advanceWork, boundBy, figures, type ProgressState, startPhase, workingOn } from './progress-state.ts'
import { createBarView, createLogView, type ProgressView } from './progress-view.ts'
import { visible } from './visible.ts'

export interface TerminalProgressOptions {
  /** Where progress goes: stderr, never stdout. */
  readonly stream: NodeJS.WritableStream
  readonly isTty: boolean
  /** Width of the terminal. */
  readonly columns: number
  /** Says nothing at all. */
  readonly quiet: boolean
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number
}

/** Progress for a person. Whoever made it stops it, whatever happened to the work. */
export interface TerminalProgress extends ProgressListener {
  /** Ends the running phase and gives the terminal back. Further calls do nothing. */
  stop(): void
}

/**
 * Bars that move on a terminal, one line every five seconds elsewhere, notes above either.
 * Listeners are told often: this one only remembers, and its view draws at its own pace.
 */
export const createTerminalProgress = async (options: TerminalProgressOptions): Promise<TerminalProgress> => {
  if (options.quiet) return { ...silentProgress, stop: () => {} }
  const now = options.now ?? (() => performance.now())
  let state: ProgressState | undefined
  const look = () => (state === undefined ? undefined : figures(state, now()))
  const view: ProgressView = options.isTty
    ? await createBarView({ stream: options.stream, columns: options.columns, look })
    : createLogView({ stream: options.stream, look })
  const finish = () => {
    const last = look()
    if (last !== undefined) view.finished(last)
    state = undefined
  }
  return {
    phase: (phase) => {
      finish()
      state = startPhase(phase, now())
      view.started()
    },
    advance: (work, done, total) => {
      state = advanceWork(state ?? startPhase('work', now()), { work, done, total }, now())
    },
    note: (message) => view.note(visible(message)),
    bound: (by) => {
      if (state !== undefined) state = boundBy(state, by)
    },
    atWork: (words) => {
      if (state !== undefined) state = workingOn(state, words, now())
    },
    stop: () => {
      finish()
      view.stop()
    },
  }
}
