import type { Finding } from '../../findings/finding.ts'
import type { Document } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import { outlineOf } from '../outline/outline-of.ts'
import { verdictOf } from '../verdict.ts'
import { csvOf, type Row, sectionRows, verdictRow } from './rows.ts'

/**
 * A report as CSV (RFC 4180) for spreadsheets and scripts: every number of it, one a row, without separators, and the
 * findings. Times are milliseconds, sizes bytes; nothing begins like a formula.
 */
export const renderCsv = (document: Document): string =>
  csvOf([
    verdictRow(verdictOf(document)),
    ...outlineOf(document).flatMap(sectionRows),
    ...findingsOf(document).flatMap(findingRows),
  ])

const findingRows = (finding: Finding): readonly Row[] => {
  const { code, severity, message, count, accepted, acceptedUntil, acceptedBecause } = finding
  const until = accepted === undefined ? 'acknowledgement ended' : 'acknowledged until'
  const facts: readonly (readonly [measure: string, value: string | undefined])[] = [
    ['text', message],
    ['count', count?.toString()],
    ['acknowledged', accepted],
    [until, acceptedUntil],
    ['reason', acceptedBecause],
  ]
  return facts.flatMap(([measure, value]): readonly Row[] =>
    value === undefined ? [] : [['Findings', code, severity, measure, value, '']],
  )
}
