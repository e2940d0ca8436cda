import { openWarnings } from '../findings/accept.ts'
import type { Finding } from '../findings/finding.ts'
import { formatCount, formatInteger } from '../terminal/numbers.ts'
import type { Document, RelationCount, RunDocument } from './documents.ts'
import { findingsOf, SEVERITIES, SEVERITY_NAMES } from './grouped-findings.ts'
import { rehearsalVerdict } from './rehearsal-verdict.ts'
import { rollbackVerdict } from './rollback-verdict.ts'
import { outcomeSentence, runSentences, runVerdict } from './run-verdict.ts'
import { accountsOf, isAccountedFor, leftOf, relationsOf, totalRows } from './totals.ts'
import { verifyVerdict } from './verify-verdict.ts'

/** What a document says in one look. */
export interface Verdict {
  readonly tone: 'good' | 'attention' | 'bad'
  /** A few words. */
  readonly headline: string
  /** The numbers behind it, one sentence each. */
  readonly sentences: readonly string[]
}

const countFindings = (findings: readonly Finding[]): string => {
  const counts = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return formatCount(count, SEVERITY_NAMES[severity].one, SEVERITY_NAMES[severity].many)
  })
  const accepted = findings.filter((finding) => finding.accepted !== undefined).length
  return `${counts.join(', ')}${accepted > 0 ? `; ${formatInteger(accepted)} acknowledged` : ''}.`
}

const readiness = (findings: readonly Finding[]): Pick<Verdict, 'tone' | 'headline'> => {
  const errors = findings.filter((finding) => finding.severity === 'error').length
  if (errors > 0) return { tone: 'bad', headline: `${formatCount(errors, 'error stands', 'errors stand')} in the way` }
  const open = openWarnings(findings).length
  if (open > 0) return { tone: 'attention', headline: `${formatCount(open, 'warning', 'warnings')} to acknowledge` }
  return { tone: 'good', headline: 'Ready to migrate' }
}

const accounting = (relations: readonly RelationCount[]): string => {
  const { read, left } = totalRows(relations)
  return relations.every(isAccountedFor)
    ? `Of ${formatCount(read, 'row', 'rows')} read, ${formatInteger(left)} stay behind, each with its reason.`
    : 'The counts do not add up: rows were read that were neither carried nor left for a reason.'
}

const accounts = (relations: readonly RelationCount[], verb: 'move' | 'moved'): readonly string[] => {
  const count = accountsOf(relations)
  if (count === undefined) return []
  const held = leftOf(count)
  const moved = `${formatInteger(count.carried)} of ${formatCount(count.read, 'account', 'accounts')} ${verb}`
  return [held === 0 ? `${moved}.` : `${moved}; ${formatInteger(held)} held back.`]
}

/** By how accounts ended, where the run tells it: what was to move may have been rejected. */
const movedSentence = ({ outcomes = [], relations }: RunDocument): readonly string[] =>
  outcomes.length === 0 ? accounts(relations, 'moved') : [`Accounts: ${outcomeSentence(outcomes)}`]

const isComplete = (document: Document): boolean =>
  [...relationsOf(document), ...(document.kind === 'plan' ? (document.cohorts ?? []) : [])].every(isAccountedFor)

/** The verdict over any document. A count that does not add up is bad whatever else is said. */
export const verdictOf = (document: Document): Verdict => {
  const found = findingsOf(document)
  switch (document.kind) {
    case 'check':
      return { ...readiness(found), sentences: [countFindings(found)] }
    case 'plan':
      return {
        ...(isComplete(document) ? readiness(found) : { tone: 'bad', headline: 'The counts do not add up' }),
        sentences: [
          ...(document.cohort === undefined ? [] : [`Only the cohort ${document.cohort} was looked at.`]),
          // Where the target has people, some are held back for their sake: only the outcomes count these too.
          ...(document.outcomes === undefined
            ? accounts(document.relations, 'move')
            : [`Accounts: ${outcomeSentence(document.outcomes)}`]),
          // A copy that is brought up to date is not counted before.
          ...(document.relations.length === 0 ? [] : [accounting(document.relations)]),
          countFindings(found),
        ],
      }
    case 'run':
      return {
        ...(isComplete(document) ? runVerdict(document) : { tone: 'bad', headline: 'The counts do not add up' }),
        sentences: [
          // As a plan does.
          ...((document.road === undefined || document.road === 'load') && document.outcomes === undefined
            ? accounts(document.relations, 'moved')
            : []),
          ...runSentences(document),
          // A copy that is brought up to date counts accounts only, and has said so.
          ...(document.relations.length > 1 || !isComplete(document) ? [accounting(document.relations)] : []),
        ],
      }
    case 'verify':
      return verifyVerdict(document)
    case 'rollback':
      return rollbackVerdict(document)
    case 'rehearsal':
      return rehearsalVerdict(
        document,
        document.run === undefined ? [] : [...movedSentence(document.run), accounting(document.run.relations)],
      )
  }
}
