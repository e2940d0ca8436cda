import { waiting } from './examples.ts'
import type { ApiRequest, Given, PlanName, Refusal, Rule, Step, Trial } from './rule.ts'

export const GLOBAL = 'Global limit has been reached'

export const tooMany = (message: string): Refusal => ({ kind: 'answer', status: 429, message })

export interface Bucket {
  readonly id: string
  readonly says: string
  readonly sources: Rule['sources']
  readonly plan: PlanName
  readonly given?: Given
  readonly before?: Step
  readonly request: ApiRequest
  readonly burst: number
  /** Milliseconds until one more is let in. */
  readonly refill: number
  readonly message: string
}

/** A burst of just so many is let in, one more is not; after a while there is room again. */
export const bucketRule = ({
  id,
  says,
  sources,
  plan,
  given,
  before,
  request,
  burst,
  refill,
  message,
}: Bucket): Rule => {
  const of = { ...given, plan }
  const times = (count: number): Step => ({ kind: 'burst', request, times: count })
  const steps = (first: Step, ...rest: readonly Step[]): Trial['steps'] =>
    before === undefined ? [first, ...rest] : [before, first, ...rest]
  return {
    id,
    says,
    sources,
    keeps: { given: of, steps: steps(times(burst), waiting(refill), times(1)) },
    breaks: [
      { wrong: `${burst + 1} at once`, given: of, steps: steps(times(burst + 1)), refusal: tooMany(message) },
      {
        wrong: 'one more before there is room again',
        given: of,
        steps: steps(times(burst), waiting(refill - 1), times(1)),
        refusal: tooMany(message),
      },
    ],
  }
}
