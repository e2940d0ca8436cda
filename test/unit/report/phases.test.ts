import { expect, it } from 'vitest'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { runDocument } from '../../support/documents.ts'

const OVERLAP = 'Phases overlap, so their times add up to more.'

const both = (milliseconds: number) => {
  const document = { ...runDocument, milliseconds }
  return [renderText(document, { width: 100, colour: 'off' }), renderHtml(document)]
}

it('says that phases overlap when their times are more than the whole', () => {
  const sum = runDocument.phases.reduce((total, { milliseconds }) => total + milliseconds, 0)
  for (const report of both(sum)) expect(report).not.toContain(OVERLAP)
  for (const report of both(sum - 1)) expect(report).toContain(OVERLAP)
})
