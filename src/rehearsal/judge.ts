import type { RehearsalDocument } from '../report/documents.ts'
import { failureReasons, type RehearsedParts } from '../report/rehearsal-reasons.ts'

export interface Judgement {
  readonly verdict: RehearsalDocument['verdict']
  /** Why it failed, a sentence each; empty where it passed. */
  readonly reasons: readonly string[]
}

/**
 * Whether a rehearsal passed: no step failed, check and plan have no errors, what was migrated is as it should be, passwords
 * and tokens did what was foretold, nobody was rejected who was not expected to be, and the rollback left nothing. Pure.
 */
export const judge = (parts: RehearsedParts): Judgement => {
  const reasons = failureReasons(parts).map(({ words }) => words)
  return { verdict: reasons.length === 0 ? 'passed' : 'failed', reasons }
}
