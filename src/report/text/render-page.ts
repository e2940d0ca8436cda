import { createPaint } from '../../terminal/colour.ts'
import { visible } from '../../terminal/visible.ts'
import type { Page } from '../page.ts'
import { formatMoment } from '../words.ts'
import { verdictParagraphs } from './conclusion.ts'
import { nextSection } from './next-section.ts'
import { renderOutlined } from './outlined.ts'
import { facts, type TextOptions, type TextView } from './section.ts'

/** A page for a terminal or a text file: the verdict last but for what to do next, a line end at the end. */
export const renderPageText = (page: Page, { width, colour, given = {} }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour), given }
  const parts = [
    head(page, view),
    ...renderOutlined(page.sections, view),
    verdictParagraphs(page.verdict, view),
    ...nextSection(page.next, view),
  ]
  return `${parts.join('\n\n')}\n`
}

const head = ({ title, subject, about, at }: Page, view: TextView): string =>
  [
    view.paint('heading', visible(`syn2op ${title.toLowerCase()} of ${subject}`)),
    ...facts([...(about === '' ? [] : [['Looked at', visible(about)] as const]), ['As of', formatMoment(at)]], view),
  ].join('\n')
