import type { RehearsalDocument } from '../report/documents.ts'

type Step = RehearsalDocument['steps'][number]

/** Runs the steps of a rehearsal and keeps how long each took. */
export interface StepClock {
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>
  steps(): readonly Step[]
}

export const stepClock = (now: () => number = () => performance.now()): StepClock => {
  const steps: Step[] = []
  return {
    async step(name, work) {
      const started = now()
      const end = (ok: boolean): void => {
        steps.push({ step: name, milliseconds: Math.round(now() - started), ok })
      }
      try {
        const result = await work()
        end(true)
        return result
      } catch (error) {
        end(false)
        throw error
      }
    },
    steps: () => steps,
  }
}
