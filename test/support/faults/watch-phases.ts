import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProgram } from '../built-program.ts'

/** A phase of a run, and when it was told of: milliseconds since the program was started. */
export interface SeenPhase {
  readonly phase: string
  readonly at: number
}

/** What is built of a load overlaps so much that it is one phase here. */
const TOLD_AS: Readonly<Record<string, string>> = { 'keys': 'build', 'indexes': 'build', 'foreign keys': 'build' }

/** The last phase of these that a run has begun, as it tells on stderr; undefined: it has written nothing yet. */
export const lastPhase = (told: string, phases: readonly string[]): string | undefined =>
  told
    .split('\n')
    .map((line) => /^([a-z ]+?)(?:: .*)?$/.exec(line)?.[1] ?? '')
    .map((begun) => TOLD_AS[begun] ?? begun)
    .findLast((phase) => phases.includes(phase))

/** Waits until a run has begun a phase, or any that comes after it. */
export const untilPhase = async (run: RunningProgram, phases: readonly string[], wanted: string): Promise<void> => {
  const from = phases.indexOf(wanted)
  while (!run.hasEnded() && phases.indexOf(lastPhase(run.told(), phases) ?? '') < from) await sleep(1)
}

/** When each phase of a run that nobody disturbs begins and ends. */
export const timePhases = async (
  run: RunningProgram,
  phases: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const seen: SeenPhase[] = []
  while (!run.hasEnded()) {
    const phase = lastPhase(run.told(), phases)
    if (phase !== undefined && seen.at(-1)?.phase !== phase) seen.push({ phase, at: performance.now() })
    await sleep(1)
  }
  const end = performance.now()
  return new Map(seen.map(({ phase, at }, index) => [phase, (seen[index + 1]?.at ?? end) - at]))
}
