import type { Role } from '../../terminal/colour.ts'
import { formatCount, formatInteger } from '../../terminal/numbers.ts'
import { indented } from '../../terminal/text.ts'
import { visible, visibleLines } from '../../terminal/visible.ts'
import type { Finding, Severity } from '../finding.ts'
import { groupFindings, SEVERITY_NAMES, samplesBeyondMessage } from '../grouped-findings.ts'
import { section, type TextView } from './section.ts'

const ROLES: Readonly<Record<Severity, Role>> = { error: 'bad', warning: 'attention', notice: 'quiet' }

const samples = (finding: Finding): string | undefined => {
  const named = samplesBeyondMessage(finding).map(visible)
  if (named.length === 0) return undefined
  const more = (finding.count ?? named.length) - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${formatInteger(more)} more` : ''}`
}

/** One finding: what it is, whom it concerns, what to type. Remedies are never wrapped, so that they can be copied. */
const renderFinding = (finding: Finding, { width, paint }: TextView): string => {
  const affected = samples(finding)
  const state = finding.accepted === undefined ? '' : ` (acknowledged ${visible(finding.accepted)})`
  return [
    paint(ROLES[finding.severity], visible(finding.code)) + paint('quiet', state),
    indented(visible(finding.message), width, '  '),
    ...(affected === undefined ? [] : [paint('quiet', indented(affected, width, '    '))]),
    ...finding.remedy.flatMap(visibleLines).map((line) => `      ${paint('command', line)}`),
  ].join('\n')
}

/** Findings, the gravest first; one section a severity. */
export const renderFindings = (findings: readonly Finding[], view: TextView): readonly string[] =>
  groupFindings(findings).flatMap(({ severity, findings: found }) =>
    section(
      formatCount(found.length, SEVERITY_NAMES[severity].one, SEVERITY_NAMES[severity].many),
      [found.map((finding) => renderFinding(finding, view)).join('\n\n')],
      view,
    ),
  )
