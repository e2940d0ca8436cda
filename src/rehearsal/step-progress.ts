import type { ProgressListener } from '../targets/progress.ts'

/** Progress of one step of a rehearsal: each of its phases says which step it belongs to. */
export const stepProgress = (progress: ProgressListener, step: string): ProgressListener => ({
  phase: (phase) => progress.phase(phase === step ? step : `${step}: ${phase}`),
  advance: (work, done, total) => progress.advance(work, done, total),
  note: (message) => progress.note(message),
  bound: (by) => progress.bound?.(by),
})
