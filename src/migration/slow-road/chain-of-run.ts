import type { SlowRun } from './runs.ts'

/**
 * A run, those that it went on with, and those that went on with it: what one of them wrote, the next has taken over, so
 * they are taken back together.
 * @returns names, the newest first; those of runs whose file is gone among them.
 */
export const chainOf = ({ head }: SlowRun, runs: readonly SlowRun[]): readonly string[] => {
  const before: string[] = []
  for (let { resumes } = head; resumes !== undefined; ) {
    before.push(resumes)
    const id = resumes
    resumes = runs.find((one) => one.head.runId === id)?.head.resumes
  }
  const after: string[] = []
  for (let next = goesOnWith(head.runId, runs); next !== undefined; next = goesOnWith(next, runs)) after.unshift(next)
  return [...after, head.runId, ...before]
}

const goesOnWith = (runId: string, runs: readonly SlowRun[]): string | undefined =>
  runs.find(({ head }) => head.resumes === runId && head.state !== 'deciding')?.head.runId
