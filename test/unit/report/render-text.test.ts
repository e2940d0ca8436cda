import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderText } from '../../../src/report/text/render-text.ts'
import { textWidth } from '../../../src/terminal/text.ts'
import { arbitraryDocument, documents } from '../../support/arbitrary-documents.ts'
import { planDocument } from '../../support/documents.ts'
import { golden } from '../../support/golden.ts'

const lines = (text: string): readonly string[] => text.split('\n')

describe('a report as text', () => {
  it.each(Object.entries(documents))('%s reads as it was agreed', (name, document) => {
    const text = renderText(document, { width: 80, colour: 'off' })
    expect(text).toBe(golden(`${name}.txt`, text))
  })

  it.each(Object.entries(documents))('%s fits 80 columns, but for what is to be copied', (_name, document) => {
    const tooWide = lines(renderText(document, { width: 80, colour: 'off' })).filter((line) => textWidth(line) > 80)
    const copied = new Set(
      ('findings' in document ? [document.findings] : [document.plan.findings])
        .flat()
        .flatMap((finding) => finding.remedy),
    )
    expect(tooWide.filter((line) => !copied.has(line.slice(6)))).toEqual([])
  })

  it('is the same text with colours', () => {
    const coloured = renderText(planDocument, { width: 80, colour: 'on' })
    const plain = renderText(planDocument, { width: 80, colour: 'off' })
    expect(coloured.replace(/\p{Cc}\[\d+m/gu, '')).toBe(plain)
    expect(coloured).not.toBe(plain)
  })

  it('holds nothing that a terminal obeys, whatever users and tables are called', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const text = renderText(document, { width: 80, colour: 'off' })
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/u)
      }),
    )
  })
})
