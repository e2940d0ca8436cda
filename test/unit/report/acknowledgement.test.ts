import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import { requireClear } from '../../../src/migration/gate.ts'
import { acknowledgement } from '../../../src/report/acknowledgement.ts'
import { findingsSection } from '../../../src/report/html/sections/findings.ts'
import { renderFindings } from '../../../src/report/text/findings.ts'
import { createPaint } from '../../../src/terminal/colour.ts'

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

  test('that has ended is named where a run is refused', () => {
    expect(() => requireClear({ findings: [accepted] })).not.toThrow()
    expect(() => requireClear({ findings: [ended] })).toThrow(
      expect.objectContaining({
        problems: [{ message: expect.stringContaining('(the mapping accepted it until 2026-09-02 00:00:00 UTC)') }],
      }),
    )
  })
})
