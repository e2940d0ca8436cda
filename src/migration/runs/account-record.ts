import { REASONS } from '../../accounts/reasons.ts'
import type { AccountRecord, OutcomeCounts } from '../../report/run-record.ts'
import type { Outcome, OutcomeKind } from '../../targets/changes.ts'
import type { HeldBackAccount } from '../run-recorder.ts'

export const heldBackRecord = ({ mxid, reason }: HeldBackAccount): AccountRecord => ({
  mxid,
  decision: 'hold back',
  reason,
  outcome: 'held back',
})

/** The line of an outcome; undefined where there is nothing to tell. */
export const outcomeRecord = ({ mxid, outcome, reason, message }: Outcome): AccountRecord | undefined => {
  if (outcome === 'created' || outcome === 'unchanged') return undefined
  return {
    mxid,
    decision: decisionOf(outcome, reason),
    ...(reason === undefined ? {} : { reason }),
    outcome,
    ...(message === undefined ? {} : { message }),
  }
}

/** The line of an account that a rollback looked at, whether it was taken back or stayed. */
export const rollbackRecord = ({ mxid, outcome, message }: Outcome): AccountRecord => ({
  mxid,
  decision: 'take back',
  outcome,
  ...(message === undefined ? {} : { message }),
})

/** A reason of ours is a decision to hold back; any other stands between the account and the target. */
const decisionOf = (outcome: OutcomeKind, reason: string | undefined): AccountRecord['decision'] => {
  if (reason !== undefined && Object.hasOwn(REASONS, reason)) return 'hold back'
  return outcome === 'removed' ? 'gone' : 'migrate'
}

export const countOutcomes = (outcomes: readonly Outcome[]): OutcomeCounts => {
  const of = (kind: OutcomeKind): number => outcomes.filter(({ outcome }) => outcome === kind).length
  return {
    created: of('created'),
    updated: of('updated'),
    unchanged: of('unchanged'),
    removed: of('removed'),
    heldBack: of('held back'),
    rejected: of('rejected'),
    notAttempted: of('not attempted'),
  }
}
