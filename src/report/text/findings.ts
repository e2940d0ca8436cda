import { entryOf } from '../../findings/catalogue.ts'
import type { Finding, Severity } from '../../findings/finding.ts'
import type { Role } from '../../terminal/colour.ts'
import { formatCount, formatInteger } from '../../terminal/numbers.ts'
import { indented } from '../../terminal/text.ts'
import { visible, visibleLines } from '../../terminal/visible.ts'
import { acknowledgement } from '../acknowledgement.ts'
import { groupFindings, SEVERITY_NAMES, samplesBeyondMessage } from '../grouped-findings.ts'
import { section, type TextView } from './section.ts'

const ROLES: Readonly<Record<Severity, Role>> = { error: 'bad', warning: 'attention', notice: 'quiet' }

const samples = (finding: Finding): string | undefined => {
  const named = samplesBeyondMessage(finding).map(visible)
  if (named.length === 0) return undefined
  const more = (finding.count ?? named.length) - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${formatInteger(more)} more` : ''}`
}

const quiet = (text: string, { width, paint }: TextView): string =>
  paint('quiet', indented(visible(text), width, '    '))

/** Why it matters; a code of another version of syn2op has no entry. */
const whyOf = ({ code }: Finding): readonly string[] => {
  const why = entryOf(code)?.why
  return why === undefined ? [] : [why]
}

const details = (finding: Finding, view: TextView): readonly string[] => {
  const affected = samples(finding)
  const { acceptedBecause } = finding
  return [
    ...(acceptedBecause === undefined ? [] : [quiet(`The mapping says: ${acceptedBecause}`, view)]),
    ...(affected === undefined ? [] : [view.paint('quiet', indented(affected, view.width, '    '))]),
    ...whyOf(finding).map((why) => quiet(why, view)),
  ]
}

/** Whether somebody has something to do about it. */
const isOpen = ({ severity, accepted }: Finding): boolean => severity !== 'notice' && accepted === undefined

/** One finding: what it is, whom it concerns, what to type. Remedies are never wrapped, so that they can be copied. */
const renderFinding = (finding: Finding, view: TextView): string => {
  const { width, paint, detail } = view
  const acknowledged = acknowledgement(finding)
  const state = acknowledged === undefined ? '' : ` (${visible(acknowledged)})`
  const remedy = detail !== 'short' || isOpen(finding) ? finding.remedy : []
  return [
    paint(ROLES[finding.severity], visible(finding.code)) + paint('quiet', state),
    indented(visible(finding.message), width, '  '),
    ...(detail !== 'short' ? details(finding, view) : []),
    ...remedy.flatMap(visibleLines).map((line) => `      ${paint('command', line)}`),
  ].join('\n')
}

/** A code of another version of syn2op, or of somebody else’s target, may ask. */
const asksForSomething = ({ code, remedy }: Finding): boolean => remedy.length > 0 && entryOf(code)?.asks !== false

/** The first thing to do; a line that ends with a colon says it on the next. */
const firstStep = ({ remedy }: Finding): readonly string[] => {
  const end = remedy.findIndex((line) => !line.endsWith(':'))
  return remedy.slice(0, end + 1)
}

/** A notice in short: what it is, and the first thing to do. */
const renderToDo = (notice: Finding, { width, paint }: TextView): string =>
  [
    indented(visible(`${notice.code}: ${notice.message}`), width, '  '),
    ...firstStep(notice)
      .flatMap(visibleLines)
      .map((line) => `      ${paint('command', line)}`),
  ].join('\n')

const noticesInShort = (title: string, notices: readonly Finding[], view: TextView): string => {
  const toDo = notices.filter(asksForSomething)
  const counted = `${view.paint('heading', title)}; --verbose shows ${notices.length === 1 ? 'it' : 'them'}, and more of the others.`
  const some = toDo.length === 0 ? '' : ` Something may have to be done about ${formatInteger(toDo.length)}:`
  return [indented(counted + some, view.width, ''), ...toDo.map((notice) => renderToDo(notice, view))].join('\n')
}

/** Findings, the gravest first; one section a severity. In short, only those notices are named that ask for something. */
export const renderFindings = (findings: readonly Finding[], view: TextView): readonly string[] =>
  groupFindings(findings).flatMap(({ severity, findings: found }) => {
    const title = formatCount(found.length, SEVERITY_NAMES[severity].one, SEVERITY_NAMES[severity].many)
    if (severity === 'notice' && view.detail === 'short') return [noticesInShort(title, found, view)]
    return section(title, [found.map((finding) => renderFinding(finding, view)).join('\n\n')], view)
  })
