import fc from 'fast-check'
import type { Document } from '../../src/report/documents.ts'
import { boundRunDocument, comparedPlanDocument } from './compared-documents.ts'
import {
  checkDocument,
  planDocument,
  planDocumentOfCohorts,
  planDocumentOfOneCohort,
  runDocument,
  verifyDocument,
  verifyDocumentOfMerge,
  verifyDocumentOfProofs,
  verifyDocumentWithDifferences,
} from './documents.ts'
import { rejectedRunDocument, stoppedRunDocument } from './ended-early-documents.ts'
import { wholePlanDocument } from './plan-documents.ts'
import {
  endedRehearsalDocument,
  failedRehearsalDocument,
  keptRehearsalDocument,
  rehearsalDocument,
  unprovedRehearsalDocument,
} from './rehearsal-documents.ts'
import { emptiedDocument, rollbackDocument, rollbackPlanDocument } from './rollback-documents.ts'
import { verifyDocumentOfPasswords, verifyDocumentOfUnseen } from './unseen-documents.ts'

/** One of each kind, and of each outcome. */
export const documents: Readonly<Record<string, Document>> = {
  check: checkDocument,
  plan: planDocument,
  'plan-cohorts': planDocumentOfCohorts,
  'plan-cohort': planDocumentOfOneCohort,
  'plan-whole': wholePlanDocument,
  'plan-compared': comparedPlanDocument,
  run: runDocument,
  'run-bound': boundRunDocument,
  'run-stopped': stoppedRunDocument,
  'run-rejected': rejectedRunDocument,
  verify: verifyDocument,
  'verify-differences': verifyDocumentWithDifferences,
  'verify-merge': verifyDocumentOfMerge,
  'verify-proofs': verifyDocumentOfProofs,
  'verify-unseen': verifyDocumentOfUnseen,
  'verify-passwords': verifyDocumentOfPasswords,
  'rollback-plan': rollbackPlanDocument,
  rollback: rollbackDocument,
  'rollback-empty': emptiedDocument,
  rehearsal: rehearsalDocument,
  'rehearsal-unproved': unprovedRehearsalDocument,
  'rehearsal-failed': failedRehearsalDocument,
  'rehearsal-ended': endedRehearsalDocument,
  'rehearsal-kept': keptRehearsalDocument,
}

/** Fields whose values the format itself gives; all other texts come from outside. */
const FIXED = new Set([
  'kind',
  'what',
  'severity',
  'relation',
  'verdict',
  'why',
  'outcome',
  'change',
  'other',
  'road',
  'way',
  'usedAccounts',
  'within',
  'decision',
])

/** A document with other texts in every field that somebody outside can fill. */
const withTexts = (value: unknown, text: (original: string) => string): unknown => {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return value.map((each) => withTexts(each, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, FIXED.has(key) ? each : withTexts(each, text)]),
  )
}

/** What an attacker who chooses a user name, a provider name or a table name would try. */
const hostile = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  '</style><script>alert(1)</script>',
  '<!-- -->',
  '&lt;b&gt;',
  ']]>',
  '\u001b[2J\u001b[31m',
  '\u202egnp.exe',
  '__proto__',
)

/** Any document with any texts. */
export const arbitraryDocument: fc.Arbitrary<Document> = fc
  .tuple(
    fc.constantFrom(...Object.values(documents)),
    fc.array(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), { minLength: 1 }),
  )
  .map(([document, texts]) => {
    let next = 0
    return withTexts(document, () => texts[next++ % texts.length] ?? '') as Document
  })
