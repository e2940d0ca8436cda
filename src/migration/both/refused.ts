import { refusalWords } from '../../report/words.ts'
import type { Target } from '../../targets/target.ts'

/** A target, and whom it would not take by what it plans: why, in words. */
export interface Watched {
  readonly target: (target: Target) => Target
  readonly refused: ReadonlyMap<string, string>
}

/** Notes whom a target would not take though they are to migrate. The last plan of an account counts. */
export const watchRefused = (): Watched => {
  const refused = new Map<string, string>()
  const note = ({ accounts }: Awaited<ReturnType<Target['plan']>>): void => {
    for (const { mxid, change, reason, against, message = against } of accounts) {
      if (change === 'conflict' || change === 'reject') refused.set(mxid, refusalWords({ reason, message }))
      else refused.delete(mxid)
    }
  }
  return {
    refused,
    target: (target) => ({
      ...target,
      plan: async (batch, stop) => {
        const planned = await target.plan(batch, stop)
        note(planned)
        return planned
      },
    }),
  }
}
