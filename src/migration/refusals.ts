import { counted } from '../report/counted.ts'
import type { RunProof } from '../report/run-parts.ts'
import type { TallyResult } from './outcome-tally.ts'

/** How many names a sentence holds. */
const NAMED = 5

/** Why a migration cannot be made final, a sentence each; none: it can. */
export const refusals = ({ missing }: Pick<TallyResult, 'missing'>, proof: RunProof): readonly string[] => [
  ...(missing.count === 0
    ? []
    : [
        `${counted(missing.count, 'account to migrate is', 'accounts to migrate are')} not at the target: ${named(missing)}.`,
      ]),
  ...(proof.wrongRows === 0
    ? []
    : [
        `${counted(proof.wrongRows, 'row', 'rows')} of ${proof.whole === true ? 'the whole copy' : 'the accounts that changed'} ${proof.wrongRows === 1 ? 'is not as it' : 'are not as they'} should be.`,
      ]),
  ...(proof.differingBuckets === 0
    ? []
    : [
        `Rows are missing or too many: ${counted(proof.differingBuckets, 'bucket', 'buckets')} of keys are not those on record.`,
      ]),
]

const named = ({ samples, count }: TallyResult['missing']): string => {
  const some = samples.slice(0, NAMED).map(({ mxid, message, reason }) => {
    const why = message ?? reason
    return why === undefined ? mxid : `${mxid} (${why})`
  })
  const others = count - some.length
  return [...some, ...(others > 0 ? [`${others} more`] : [])].join(', ')
}
