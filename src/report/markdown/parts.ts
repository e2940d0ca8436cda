import { markdownTable } from 'markdown-table'
import { visibleLines } from '../../terminal/visible.ts'
import type { NextStep } from '../next-steps.ts'
import { cellText, isNumeric } from '../outline/cell-text.ts'
import type { Cell, OutlineSection, OutlineTable } from '../outline/outline.ts'
import { codeBlock, escapeMarkdown } from './escape-markdown.ts'

/** A section as its outline has it, in paragraphs. */
export const sectionParts = ({ title: heading, sentences = [], table }: OutlineSection): readonly string[] => [
  `## ${escapeMarkdown(heading)}`,
  ...sentences.map(escapeMarkdown),
  ...(table === undefined || table.rows.length === 0 ? [] : [tableOf(table)]),
]

const tableOf = ({ columns, rows, names }: OutlineTable): string => {
  const numeric = columns.map((_, index) => index >= names && isNumeric(rows.map((row) => row[index])))
  return markdownTable([columns.map(escapeMarkdown), ...rows.map((row) => row.map(shown))], {
    align: numeric.map((is) => (is ? 'r' : 'l')),
  })
}

/** Numbers have nothing that Markdown obeys in a cell. */
const shown = (cell: Cell): string => (typeof cell === 'string' ? escapeMarkdown(cell) : cellText(cell))

/** How to go on, each way with what to type. */
export const nextParts = (steps: readonly NextStep[]): readonly string[] =>
  steps.length === 0
    ? []
    : [
        '## Next',
        ...steps.flatMap(({ text, commands }) => [
          escapeMarkdown(text),
          ...(commands.length === 0 ? [] : [codeBlock(commands.flatMap(visibleLines))]),
        ]),
      ]

/** Names and values, in a table without headings. */
export const factTable = (facts: readonly (readonly [string, string])[]): string =>
  markdownTable([['', ''], ...facts.map((fact) => fact.map(escapeMarkdown))])
