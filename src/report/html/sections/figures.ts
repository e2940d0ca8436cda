import { formatDuration, formatInteger, formatRate } from '../../../terminal/numbers.ts'
import type { Document, RelationCount, RunDocument } from '../../documents.ts'
import { accountsOf, relationsOf, totalRows, totalWritten } from '../../totals.ts'
import { type Html, html } from '../escape.ts'

interface Figure {
  readonly name: string
  readonly value: string
  readonly note: string
}

const counted = (relations: readonly RelationCount[], tense: 'to move' | 'moved'): readonly Figure[] => {
  const accounts = accountsOf(relations)
  const total = totalRows(relations)
  return [
    ...(accounts === undefined
      ? []
      : [
          {
            name: `Accounts ${tense}`,
            value: formatInteger(accounts.carried),
            note: `of ${formatInteger(accounts.read)}`,
          },
        ]),
    { name: `Rows ${tense}`, value: formatInteger(total.carried), note: `of ${formatInteger(total.read)}` },
  ]
}

const timed = (run: RunDocument): readonly Figure[] => [
  { name: 'Migration', value: formatDuration(run.milliseconds), note: 'from start to end' },
  { name: 'Rate', value: formatRate(totalWritten(run.tables).rows, run.milliseconds), note: 'rows written' },
]

/** The numbers that people ask for first. */
export const figuresSection = (document: Document): Html => {
  const run = document.kind === 'rehearsal' ? document.run : document.kind === 'run' ? document : undefined
  const relations = relationsOf(document)
  if (relations.length === 0) return html``
  const figures = [
    ...counted(relations, run === undefined ? 'to move' : 'moved'),
    ...(run === undefined ? [] : timed(run)),
  ]
  return html`<dl class="figures">${figures.map(
    ({ name, value, note }) => html`<div><dd>${value}<span class="note">${note}</span></dd><dt>${name}</dt></div>`,
  )}</dl>`
}
