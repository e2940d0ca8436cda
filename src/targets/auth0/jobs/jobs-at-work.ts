import { counted } from '../../../report/counted.ts'

/** Tells whoever watches which imports Auth0 is at, over all batches of a run. */
export interface JobsAtWork {
  /** @param tell given words whenever a job begins or ends; undefined: there is none */
  tellTo(tell: (words: string | undefined) => void): void
  /** @param work lasts as long as the job of so many people. */
  during<Result>(people: number, work: () => Promise<Result>): Promise<Result>
}

export const openJobsAtWork = (): JobsAtWork => {
  let listener: (words: string | undefined) => void = () => {}
  let [jobs, everybody] = [0, 0]
  const change = (by: 1 | -1, people: number): void => {
    jobs += by
    everybody += by * people
    listener(
      jobs === 0
        ? undefined
        : `${counted(jobs, 'import job', 'import jobs')} at Auth0 with ${counted(everybody, 'person', 'people')}`,
    )
  }
  return {
    tellTo: (tell) => {
      listener = tell
    },
    async during(people, work) {
      change(1, people)
      try {
        return await work()
      } finally {
        change(-1, people)
      }
    },
  }
}
