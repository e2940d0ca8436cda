import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'

export const FAILED_JOB: Claim = {
  id: 'job.says-why-it-failed',
  says: 'A job that fails as a whole says why in `status_details`.',
  otherwise: 'When a job fails, its rows are sent again in smaller files, and the reason stays unknown.',
  ask: async (probing) => {
    const ended = await probing.import('[{"email": ')
    if (ended.kind !== 'ended') return notAsked(`a broken file was refused at once (${ended.status}: ${ended.words})`)
    if (ended.end.kind !== 'failed') return refuted(`a broken file ended as ${ended.end.kind}`)
    const details = ended.job?.statusDetails
    return details === undefined ? refuted('the job failed without a reason') : confirmed(JSON.stringify(details))
  },
}
