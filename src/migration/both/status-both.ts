import type { StatusDocument } from '../../report/status.ts'
import { stagesOfTwo } from '../../report/two-targets.ts'
import { status } from '../status/status.ts'
import type { BothRequest } from './request.ts'

/**
 * Where a migration to both stands: at the target of the accounts, which alone keeps a record, and of the cohorts at both.
 * @throws Syn2opError run.unreadable
 */
export const statusBoth = async (
  runs: string,
  { logins, accounts }: Pick<BothRequest, 'logins' | 'accounts'>,
): Promise<StatusDocument> => {
  const [first, second] = [await status(runs, logins), await status(runs, accounts)]
  const stages = stagesOfTwo([first, second])
  return {
    ...second,
    ...(stages.length === 0 ? {} : { stages }),
    // What is typed for the one does the rest at the other.
    next: isUnfinished(first) ? first.next : second.next,
  }
}

const isUnfinished = ({ target, runs }: StatusDocument): boolean =>
  target !== 'not asked' &&
  'product' in target &&
  runs.some(
    (run) =>
      run.target === `${target.product} at ${target.location}` &&
      (run.state === 'running' || run.state === 'unfinished') &&
      run.kind !== 'link',
  )
