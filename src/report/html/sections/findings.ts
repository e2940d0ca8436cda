import { entryOf } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { formatCount, formatInteger } from '../../../terminal/numbers.ts'
import { visibleLines } from '../../../terminal/visible.ts'
import { acknowledgement } from '../../acknowledgement.ts'
import { type FindingGroup, groupFindings, SEVERITY_NAMES, samplesBeyondMessage } from '../../grouped-findings.ts'
import { type Html, html, NOTHING } from '../escape.ts'

/** Lines to type. Line ends are the only markup of ours in them. */
export const codeBlock = (lines: readonly string[]): Html => {
  const shown = lines.flatMap(visibleLines)
  return shown.length === 0
    ? html``
    : html`<pre><code>${shown.map((line, index) =>
        index === 0
          ? html`${line}`
          : html`
${line}`,
      )}</code></pre>`
}

const samples = (finding: Finding): Html => {
  const named = samplesBeyondMessage(finding)
  const { count } = finding
  if (named.length === 0) return html``
  const more = (count ?? named.length) - named.length
  const rest = more > 0 ? html`<li class="more">and ${formatInteger(more)} more</li>` : html``
  return html`<ul class="samples">${named.map((sample) => html`<li>${sample}</li>`)}${rest}</ul>`
}

/** Why it matters; a code of another version of syn2op has no entry. */
const why = ({ code }: Finding): Html => {
  const entry = entryOf(code)
  return entry === undefined ? NOTHING : html`<p class="quiet">${entry.why}</p>`
}

const item = (finding: Finding): Html => {
  const state = acknowledgement(finding)
  const because = finding.acceptedBecause === undefined ? html`` : html` The mapping says: ${finding.acceptedBecause}`
  const accepted =
    state === undefined && finding.acceptedBecause === undefined
      ? html``
      : html`<p class="quiet">${state === undefined ? html`` : html`${capital(state)}.`}${because}</p>`
  return html`<li class="${finding.severity}"><h4><span class="tag">${SEVERITY_NAMES[finding.severity].one}</span><code>${finding.code}</code></h4><p>${finding.message}</p>${why(finding)}${samples(finding)}${codeBlock(finding.remedy)}${accepted}</li>`
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** More findings of one severity than these are folded, code by code. */
const UNFOLDED = 20

const list = (findings: readonly Finding[]): Html => html`<ol class="findings">${findings.map(item)}</ol>`

const byCode = (findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> =>
  Map.groupBy(findings, ({ code }) => code)

/** What a code of this version means, in a few words. */
const titleOf = (code: string): string => {
  const entry = entryOf(code)
  return entry === undefined ? '' : `${entry.title}: `
}

const folded = (findings: readonly Finding[]): Html =>
  html`${[...byCode(findings)].map(
    ([code, own]) =>
      html`<details><summary><code>${code}</code> <span class="quiet">${titleOf(code)}${formatCount(own.length, 'finding', 'findings')}</span></summary>${list(own)}</details>`,
  )}`

const heading = ({ severity, findings }: FindingGroup): string =>
  formatCount(findings.length, SEVERITY_NAMES[severity].one, SEVERITY_NAMES[severity].many)

const counts = (groups: readonly FindingGroup[]): Html =>
  html`<nav class="counts" aria-label="Findings by severity"><ul>${groups.map(
    (group) =>
      html`<li class="${group.severity}"><a class="tag" href="#findings-${group.severity}">${heading(group)}</a></li>`,
  )}</ul></nav>`

/** Findings, the gravest first. */
export const findingsSection = (findings: readonly Finding[]): Html => {
  if (findings.length === 0) return html``
  const groups = groupFindings(findings)
  return html`<section><h2>Findings</h2>${counts(groups)}${groups.map(
    (group) =>
      html`<h3 class="severity" id="findings-${group.severity}">${heading(group)}</h3>${group.findings.length > UNFOLDED ? folded(group.findings) : list(group.findings)}`,
  )}</section>`
}
