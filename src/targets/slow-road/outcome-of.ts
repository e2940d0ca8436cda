import { type AccountChange, OUTCOME_OF, type Outcome } from '../changes.ts'

/** How an account ends whose change is done. */
export const outcomeOf = ({ mxid, change, rows, reason, against }: AccountChange): Outcome => ({
  mxid,
  outcome: OUTCOME_OF[change],
  ...(reason === undefined || change === 'remove' ? {} : { reason }),
  ...(against === undefined ? {} : { message: `${against} has it` }),
  rows,
})

/** @param words the target's own */
export const rejected = (mxid: string, words: string): Outcome => ({
  mxid,
  outcome: 'rejected',
  message: words,
  rows: [],
})

/** It is as it was before. */
export const notAttempted = (mxid: string): Outcome => ({ mxid, outcome: 'not attempted', rows: [] })
