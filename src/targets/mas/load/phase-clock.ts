import type { PhaseTime } from '../../../report/documents.ts'
import { LOAD_PHASES, phaseOfTask } from './load-tasks.ts'

/** Watches which tasks are under way and measures each phase from its first start to its last end. */
export interface PhaseClock {
  /** @param running names of tasks, as `schedule` reports them. @returns phases that have just begun. */
  observe(running: readonly string[]): readonly string[]
  times(): readonly PhaseTime[]
}

/** @param now milliseconds of a clock that only goes forward. */
export const phaseClock = (now: () => number): PhaseClock => {
  const spans = new Map<string, { readonly from: number; to: number }>()
  let before: ReadonlySet<string> = new Set()
  return {
    observe(running) {
      const at = now()
      const phases = new Set(running.map(phaseOfTask))
      for (const phase of before) {
        const span = spans.get(phase)
        if (span !== undefined) span.to = at
      }
      const begun = [...phases].filter((phase) => !spans.has(phase))
      for (const phase of begun) spans.set(phase, { from: at, to: at })
      before = phases
      return begun
    },
    times: () =>
      LOAD_PHASES.flatMap((phase) => {
        const span = spans.get(phase)
        return span === undefined ? [] : [{ phase, milliseconds: Math.round(span.to - span.from) }]
      }),
  }
}
