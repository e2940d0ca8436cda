import type { Finding, Severity } from '../findings/finding.ts'
import type { Document } from './documents.ts'

/** In the order in which a reader needs them. */
export const SEVERITIES = ['error', 'warning', 'notice'] as const satisfies readonly Severity[]

export const SEVERITY_NAMES: Readonly<Record<Severity, { readonly one: string; readonly many: string }>> = {
  error: { one: 'error', many: 'errors' },
  warning: { one: 'warning', many: 'warnings' },
  notice: { one: 'notice', many: 'notices' },
}

/** All findings of a document. The steps of a rehearsal find the same things again; each is named once. */
export const findingsOf = (document: Document): readonly Finding[] => {
  if (document.kind !== 'rehearsal') return document.findings
  const { plan, run, verify, proofs, rollback } = document
  const all = [plan, run, verify, proofs, rollback].flatMap((step) => step?.findings ?? [])
  return [...new Map(all.map((finding) => [`${finding.code}\n${finding.message}`, finding])).values()]
}

/** The findings of one severity, of which there are some. */
export interface FindingGroup {
  readonly severity: Severity
  readonly findings: readonly Finding[]
}

export const groupFindings = (findings: readonly Finding[]): readonly FindingGroup[] =>
  SEVERITIES.map((severity) => ({
    severity,
    findings: findings.filter((finding) => finding.severity === severity),
  })).filter((group) => group.findings.length > 0)

/** Samples that the message does not name already. */
export const samplesBeyondMessage = ({ samples = [], message }: Finding): readonly string[] =>
  samples.every((sample) => message.includes(sample)) ? [] : samples
