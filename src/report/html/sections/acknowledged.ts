import type { Finding } from '../../../findings/finding.ts'
import { formatInteger } from '../../../terminal/numbers.ts'
import { acknowledgement } from '../../acknowledgement.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'Warning', kind: 'free' },
  { title: 'Findings', kind: 'number' },
  { title: 'How', kind: 'free' },
  { title: 'Why', kind: 'free' },
]

interface Acknowledged {
  readonly code: string
  readonly how: string
  readonly because: string
}

const acknowledged = (finding: Finding): readonly Acknowledged[] => {
  const how = acknowledgement(finding)
  return finding.accepted === undefined || how === undefined
    ? []
    : [{ code: finding.code, how, because: finding.acceptedBecause ?? '' }]
}

/** Which warnings somebody answers for: they stay in the report. One whose acknowledgement has ended is open, and none. */
export const acknowledgedSection = (findings: readonly Finding[]): Html => {
  const all = Map.groupBy(findings.flatMap(acknowledged), ({ code, how, because }) => `${code}\n${how}\n${because}`)
  if (all.size === 0) return NOTHING
  return html`<section><h2>What is acknowledged</h2>${table({
    caption: 'Warnings that somebody answers for, and until when.',
    headings: HEADINGS,
    body: html`<tbody class="rows">${[...all.values()].flatMap((own) =>
      own
        .slice(0, 1)
        .map(({ code, how, because }) =>
          row(HEADINGS, [html`<code>${code}</code>`, formatInteger(own.length), how, because]),
        ),
    )}</tbody>`,
  })}</section>`
}
