import type { RehearsalDocument } from '../report/documents.ts'

type Step = RehearsalDocument['steps'][number]

/** Runs the steps of a rehearsal and keeps how long each took, and how it ended. */
export interface StepClock {
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>
  /** A step that is left out, and why in words. */
  skip(name: string, why: string): void
  /** From now on time goes by this clock, milliseconds. */
  goBy(now: () => number): void
  /** Milliseconds, from the beginning to now, of the machine. */
  elapsed(): number
  steps(): readonly Step[]
}

export const stepClock = (machine: () => number = () => performance.now()): StepClock => {
  const begun = machine()
  const steps: Step[] = []
  let now = machine
  return {
    async step(name, work) {
      const started = now()
      const end = (outcome: Step['outcome']): void => {
        steps.push({ step: name, milliseconds: Math.round(now() - started), outcome })
      }
      try {
        const result = await work()
        end('ok')
        return result
      } catch (error) {
        end('failed')
        throw error
      }
    },
    skip: (name, why) => void steps.push({ step: name, milliseconds: 0, outcome: 'skipped', why }),
    goBy: (clock) => {
      now = clock
    },
    elapsed: () => machine() - begun,
    steps: () => steps,
  }
}
