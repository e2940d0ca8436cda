import { PREDICTION_REASONS, type PredictionReason } from '../accounts/predictions.ts'
import { REASONS } from '../accounts/reasons.ts'
import { CONFLICT_REASONS, type ConflictReason } from './conflict-reasons.ts'
import { DELETION_REASONS, type DeletionReason } from './deletion-reasons.ts'
import type { Document, RowDifference } from './documents.ts'
import { PROOF_REASONS, type ProofReason } from './proof-reasons.ts'

/** The name of a report. */
export const TITLES: Readonly<Record<Document['kind'], string>> = {
  check: 'Check',
  plan: 'Plan',
  run: 'Migration',
  verify: 'Verification',
  rollback: 'Rollback',
  rehearsal: 'Rehearsal',
}

/** What the table of results is about. */
export const RESULTS_TITLES: Readonly<Record<'plan' | 'run' | 'rehearsal', string>> = {
  plan: 'What will move',
  run: 'What moved',
  rehearsal: 'What moved',
}

/** The sections of a rollback: rows by table, and what people did since. */
export const ROLLBACK_TITLES = {
  rows: 'Rows',
  keep: 'What people did there since, which stays',
  remove: 'What people did there since, which goes too',
} as const

export const DIFFERENCE_NAMES: Readonly<Record<RowDifference['kind'], string>> = {
  missing: 'missing',
  extra: 'extra',
  differs: 'different',
  theirs: 'changed at the target since',
}

/** A reason in a few words; one that this version does not know, by its code. */
export const reasonText = (reason: string): string => {
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason as keyof typeof REASONS].text
  if (Object.hasOwn(CONFLICT_REASONS, reason)) return CONFLICT_REASONS[reason as ConflictReason]
  if (Object.hasOwn(PREDICTION_REASONS, reason)) return PREDICTION_REASONS[reason as PredictionReason]
  if (Object.hasOwn(DELETION_REASONS, reason)) return DELETION_REASONS[reason as DeletionReason]
  return Object.hasOwn(PROOF_REASONS, reason) ? PROOF_REASONS[reason as ProofReason] : reason
}

/** Why a target did not take an account: what the code of the reason says, and who or what it is. */
export const refusalWords = ({
  reason,
  message,
}: {
  readonly reason: string | undefined
  readonly message: string | undefined
}): string => [reason === undefined ? [] : reasonText(reason), message ?? []].flat().join(': ')

/** `2026-11-21T22:00:00.000Z` → `2026-11-21 22:00:00 UTC`; what is no such time stays as it is. */
export const formatMoment = (iso: string): string =>
  iso.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/u, '$1 $2 UTC')
