import type { CandidateOptions } from './find-candidates.ts'
import type { RunWork } from './migrate.ts'
import { limitLeft } from './pacing/limit-left.ts'
import type { Pace } from './pacing/pace.ts'
import type { RunProver } from './prove-run.ts'
import { refusedBefore } from './runs/refused-before.ts'

/** Which accounts a run looks at, in which order, and in batches of which size. */
export const lookingAt = async (
  work: RunWork,
  { pace, prover }: { readonly pace: Pace; readonly prover: RunProver },
): Promise<CandidateOptions> => {
  const { request, prepared, chosen, identity } = work
  const cohort = chosen.part?.cohort
  return {
    signal: request.signal,
    batchSize: pace.batchSize(prepared.target.batchSize),
    ...(cohort === undefined ? {} : { cohort }),
    ...(prover.startsOver ? { writtenBy: identity.runId } : {}),
    ...(await limits(work)),
  }
}

/** Whom the target refused before is not to take the place of others each time. */
const limits = async ({ request, chosen }: RunWork): Promise<Pick<CandidateOptions, 'limit' | 'refused'>> => {
  const limit = await limitLeft(request, chosen.resumes?.runId)
  if (limit === undefined) return {}
  return { limit, ...(request.runs === undefined ? {} : { refused: await refusedBefore(request.runs) }) }
}
