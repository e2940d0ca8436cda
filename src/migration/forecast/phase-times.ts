import type { ProgressListener } from '../../targets/progress.ts'

/** Listens to the phases of a piece of work, and says how long one was. */
export const phaseTimes = (
  progress: ProgressListener,
  now: () => number = () => performance.now(),
): { readonly progress: ProgressListener; readonly secondsOf: (phase: string) => number | undefined } => {
  const spans: { readonly phase: string; readonly from: number }[] = []
  return {
    progress: {
      ...progress,
      phase(name) {
        spans.push({ phase: name, from: now() })
        progress.phase(name)
      },
    },
    secondsOf(phase) {
      const at = spans.findLastIndex((span) => span.phase === phase)
      const span = spans[at]
      return span === undefined ? undefined : ((spans[at + 1]?.from ?? now()) - span.from) / 1000
    },
  }
}
