/**
 * The suite that every target passes, ours and others'. With vitest:
 *
 * ```ts
 * import { conformance } from 'syn2op/testing'
 * import { describe, test } from 'vitest'
 *
 * conformance(harness, { describe, test })
 * ```
 *
 * The harness says how the target is opened on an OP that nobody else uses, what that OP holds, and how it can be
 * disturbed. A failure says what the target does, and which rule of the interface asks for something else.
 */
export type {
  BatchContent,
  ConformanceHarness,
  ForeignPeople,
  PersonalChange,
} from './conformance/harness.ts'
export {
  type CaseResult,
  type ConformanceReport,
  conformance,
  runConformance,
  type TestFunctions,
} from './conformance/suite.ts'
