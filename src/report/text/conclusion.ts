import { visible } from '../../terminal/visible.ts'
import type { Document } from '../documents.ts'
import { nextSteps } from '../next-steps.ts'
import { verdictOf } from '../verdict.ts'
import { commandLines, paragraph, section, type TextView } from './section.ts'

/** The verdict with the numbers behind it: the last thing on the screen, so the first that is read. */
export const renderVerdict = (document: Document, view: TextView): string => {
  const { tone, headline, sentences } = verdictOf(document)
  return [
    view.paint(tone, `${visible(headline)}.`),
    ...sentences.map((sentence) => paragraph(visible(sentence), view, '  ')),
  ].join('\n')
}

export const renderNextSteps = (document: Document, view: TextView): readonly string[] =>
  section(
    'Next',
    nextSteps(document).flatMap(({ text, commands }) => [
      paragraph(visible(text), view, '  '),
      ...commandLines(commands, view, '      '),
    ]),
    view,
  )
