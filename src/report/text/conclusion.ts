import { wrap } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { Document } from '../documents.ts'
import { type Verdict, verdictOf } from '../verdict.ts'
import { paragraph, type TextView } from './section.ts'

/** The verdict with the numbers behind it: the last thing on the screen, so the first that is read. */
export const renderVerdict = (document: Document, view: TextView): string =>
  verdictParagraphs(verdictOf(document), view)

export const verdictParagraphs = ({ tone, headline, sentences }: Verdict, view: TextView): string =>
  [
    ...wrap(visible(`${headline}.`), view.width).map((line) => view.paint(tone, line)),
    ...sentences.map((sentence) => paragraph(visible(sentence), view, '  ')),
  ].join('\n')
