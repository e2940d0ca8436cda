import { entryOf } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { formatCount, formatInteger } from '../../terminal/numbers.ts'
import { visibleLines } from '../../terminal/visible.ts'
import { acknowledgementWords } from '../acknowledgement.ts'
import type { Document, EndDescription } from '../documents.ts'
import { findingsOf, groupFindings, SEVERITY_NAMES, samplesBeyondMessage } from '../grouped-findings.ts'
import { nextSteps } from '../next-steps.ts'
import { summaryOf } from '../outline/outline-of.ts'
import { placeOf } from '../place-of.ts'
import { verdictOf } from '../verdict.ts'
import { formatMoment, TITLES } from '../words.ts'
import { codeBlock, codeSpan, escapeMarkdown } from './escape-markdown.ts'
import { factTable, nextParts, sectionParts } from './parts.ts'

/**
 * A report in GitHub's Markdown, for an issue, a merge request or the summary of a CI job. Texts from the databases are
 * escaped: none of them makes a link, a mention, a tag or a heading.
 */
export const renderMarkdown = (document: Document): string => {
  const parts = [
    title(document),
    ...verdict(document),
    ...summaryOf(document).flatMap(sectionParts),
    ...groupFindings(findingsIn(document)).flatMap(({ severity, findings }) => [
      `## ${formatCount(findings.length, SEVERITY_NAMES[severity].one, SEVERITY_NAMES[severity].many)}`,
      ...findings.flatMap(findingParts),
    ]),
    ...nextParts(nextSteps(document)),
    ...about(document),
  ]
  return `${parts.join('\n\n')}\n`
}

/** A rehearsal's is looked up, and not read from its beginning to its end. */
const verdict = (document: Document): readonly string[] => {
  const { headline, sentences } = verdictOf(document)
  const strong = `**${escapeMarkdown(headline)}.**`
  return document.kind === 'rehearsal'
    ? [strong, sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n')]
    : [`${strong} ${escapeMarkdown(sentences.join(' '))}`]
}

/** Of a rehearsal the notices are left to its page: a summary is for what asks for something. */
const findingsIn = (document: Document): readonly Finding[] =>
  findingsOf(document).filter(({ severity }) => document.kind !== 'rehearsal' || severity !== 'notice')

const title = (document: Document): string => {
  const { serverName } = document.kind === 'rehearsal' ? document.plan : document
  return `# syn2op ${TITLES[document.kind].toLowerCase()} of ${escapeMarkdown(serverName)}`
}

const findingParts = (finding: Finding): readonly string[] => {
  const samples = samplesBeyondMessage(finding).map(codeSpan)
  const why = entryOf(finding.code)?.why
  const more = (finding.count ?? samples.length) - samples.length
  return [
    `### ${codeSpan(finding.code)}`,
    escapeMarkdown(finding.message),
    ...(why === undefined ? [] : [escapeMarkdown(why)]),
    ...(samples.length === 0 ? [] : [`${samples.join(', ')}${more > 0 ? ` and ${formatInteger(more)} more` : ''}`]),
    ...(finding.remedy.length === 0 ? [] : [codeBlock(finding.remedy.flatMap(visibleLines))]),
    ...acknowledgementWords(finding).map((words) => `*${escapeMarkdown(capital(words))}*`),
  ]
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const about = (document: Document): readonly string[] => {
  const head = document.kind === 'rehearsal' ? document.plan : document
  const facts: readonly (readonly [string, string])[] = [
    ['From', end(head.source)],
    ['To', end(head.target)],
    ['As of', formatMoment(head.asOf)],
    ...('mapping' in head ? [['Mapping', head.mapping.file] as const] : []),
    ...('cohort' in head && head.cohort !== undefined ? [['Cohort', head.cohort] as const] : []),
    ['syn2op', head.syn2op],
  ]
  return ['## From where to where', factTable(facts)]
}

const end = (description: EndDescription): string =>
  `${description.product} ${description.version}, ${placeOf(description)}`
