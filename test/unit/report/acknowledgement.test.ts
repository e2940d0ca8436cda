import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import { requireClear } from '../../../src/migration/gate.ts'
import { acknowledgement } from '../../../src/report/acknowledgement.ts'
import { renderCsv } from '../../../src/report/csv/render-csv.ts'
import { acknowledgedSection } from '../../../src/report/html/sections/acknowledged.ts'
import { findingsSection } from '../../../src/report/html/sections/findings.ts'
import { renderJunit } from '../../../src/report/junit/render-junit.ts'
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.ts'
import { renderSarif } from '../../../src/report/sarif/render-sarif.ts'
import { renderFindings } from '../../../src/report/text/findings.ts'
import { createPaint } from '../../../src/terminal/colour.ts'
import { planDocument } from '../../support/documents.ts'

const open: Finding = { code: 'GUESTS', severity: 'warning', message: '2 guests are written', remedy: [] }
const because = { acceptedBecause: 'they <all> left', acceptedUntil: '2026-09-02T00:00:00.000Z' }
const accepted: Finding = { ...open, accepted: 'GUESTS', ...because }
const ended: Finding = { ...open, ...because }

const text = (finding: Finding): string =>
  renderFindings([finding], { width: 100, paint: createPaint('off') }).join('\n')
const page = (finding: Finding): string => findingsSection([finding]).markup

describe('an acknowledgement by the mapping', () => {
  test('is told in a few words, also when it has ended', () => {
    expect(acknowledgement(open)).toBeUndefined()
    expect(acknowledgement({ ...open, accepted: 'all-warnings' })).toBe('acknowledged all-warnings')
    expect(acknowledgement(accepted)).toBe('acknowledged GUESTS, in the mapping until 2026-09-02 00:00:00 UTC')
    expect(acknowledgement(ended)).toBe('acknowledged until 2026-09-02 00:00:00 UTC, and no longer')
  })

  test('stays in the terminal and in the page with its reason and end', () => {
    for (const finding of [accepted, ended]) {
      expect(text(finding)).toContain(acknowledgement(finding))
      expect(text(finding)).toContain('The mapping says: they <all> left')
      expect(page(finding)).toContain('2026-09-02 00:00:00 UTC')
      expect(page(finding)).toContain('The mapping says: they &lt;all&gt; left')
    }
  })

  test.each(Object.entries({ renderMarkdown, renderJunit, renderCsv, renderSarif }))(
    'stays in what %s makes with its reason and end, also when it has ended',
    (_name, render) => {
      for (const finding of [accepted, ended]) {
        const report = render({ ...planDocument, findings: [finding] })
        expect(report).toMatch(/2026-09-02[ T]00:00:00/u)
        expect(report).toMatch(/they (?:<|\\<|&lt;|\\u003c)all(?:>|\\>|&gt;) left/u)
      }
    },
  )

  test('that has ended reads as one that is over, and as no acknowledgement', () => {
    const document = { ...planDocument, findings: [ended] }
    const over = 'cknowledged until 2026-09-02 00:00:00 UTC, and no longer'
    for (const render of [renderMarkdown, renderJunit, renderSarif]) expect(render(document)).toContain(over)
    expect(renderCsv(document)).toContain('Findings,GUESTS,warning,acknowledgement ended,2026-09-02T00:00:00.000Z,')
    expect(renderCsv(document)).not.toContain(',acknowledged,')
    expect(JSON.parse(renderSarif(document)).runs[0].results[0]).not.toHaveProperty('suppressions')
    expect(acknowledgedSection([ended]).markup).toBe('')
    expect(acknowledgedSection([accepted]).markup).toContain('2026-09-02 00:00:00 UTC')
  })

  test('that has ended is named where a run is refused', () => {
    expect(() => requireClear({ findings: [accepted] })).not.toThrow()
    expect(() => requireClear({ findings: [ended] })).toThrow(
      expect.objectContaining({
        problems: [{ message: expect.stringContaining('(the mapping accepted it until 2026-09-02 00:00:00 UTC)') }],
      }),
    )
  })
})
