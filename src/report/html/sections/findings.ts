import { formatInteger } from '../../../terminal/numbers.ts'
import { visibleLines } from '../../../terminal/visible.ts'
import type { Finding } from '../../finding.ts'
import { groupFindings, SEVERITY_NAMES, samplesBeyondMessage } from '../../grouped-findings.ts'
import { type Html, html } from '../escape.ts'

/** Lines to type. Line ends are the only markup of ours in them. */
export const codeBlock = (lines: readonly string[]): Html => {
  const shown = lines.flatMap(visibleLines)
  return shown.length === 0
    ? html``
    : html`<pre tabindex="0"><code>${shown.map((line, index) =>
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

const item = (finding: Finding): Html => {
  const accepted =
    finding.accepted === undefined ? html`` : html`<p class="quiet">Acknowledged ${finding.accepted}.</p>`
  return html`<li class="${finding.severity}"><h3><span class="tag">${SEVERITY_NAMES[finding.severity].one}</span><code>${finding.code}</code></h3><p>${finding.message}</p>${samples(finding)}${codeBlock(finding.remedy)}${accepted}</li>`
}

/** Findings, the gravest first. */
export const findingsSection = (findings: readonly Finding[]): Html =>
  findings.length === 0
    ? html``
    : html`<section><h2>Findings</h2><ol class="findings">${groupFindings(findings).flatMap((group) => group.findings.map(item))}</ol></section>`
