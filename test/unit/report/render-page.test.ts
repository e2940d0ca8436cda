import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import fc from 'fast-check'
import { parse as junit2json } from 'junit2json'
import { describe, expect, it } from 'vitest'
import { renderPageCsv } from '../../../src/report/csv/render-page.ts'
import { renderPageHtml } from '../../../src/report/html/render-page.ts'
import { renderPageJunit } from '../../../src/report/junit/render-page.ts'
import { renderPageMarkdown } from '../../../src/report/markdown/render-page.ts'
import type { Page } from '../../../src/report/page.ts'
import { renderPageText } from '../../../src/report/text/render-page.ts'
import { checkPageKinds, writePage } from '../../../src/report/write-page.ts'
import { golden } from '../../support/golden.ts'
import { htmlFaults } from '../../support/html-faults.ts'
import { page } from '../../support/page.ts'

const text = (one: Page): string => renderPageText(one, { width: 80, colour: 'off' })

/** The page with one text in every place that a server could fill. */
const filledWith = (words: string): Page => ({
  ...page,
  subject: words,
  about: words,
  verdict: { ...page.verdict, headline: words, sentences: [words] },
  sections: [
    { title: words, sentences: [words], table: { columns: [words, words], names: 1, rows: [[words, words]] } },
  ],
  next: [{ text: words, commands: [words] }],
  cases: [
    { suite: 'Homeserver', name: words, output: words },
    { suite: 'Homeserver', name: words, failure: { type: 'error', message: words, detail: words } },
    { suite: 'Homeserver', name: words, skipped: words },
  ],
})

describe('a page', () => {
  it.each([
    ['page.txt', text],
    ['page.html', renderPageHtml],
    ['page.md', renderPageMarkdown],
    ['page.xml', renderPageJunit],
    ['page.csv', renderPageCsv],
  ] as const)('reads as it did when somebody looked at it: %s', (file, render) => {
    expect(render(page)).toBe(golden(file, render(page)))
  })

  it('leaves out what says nothing', () => {
    for (const render of [text, renderPageHtml, renderPageMarkdown])
      expect(render(page)).not.toContain('Nothing to say')
  })

  it('is well-formed HTML without markup of theirs, whatever a server says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (words) => {
        expect(htmlFaults(renderPageHtml(filledWith(words)))).toEqual([])
      }),
    )
  })

  it('is JUnit XML that is understood, with each case once, whatever a server says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (words) => {
        const read = await junit2json(renderPageJunit(filledWith(words)))
        expect(read).toMatchObject({ tests: 3, failures: 1 })
      }),
      { numRuns: 50 },
    )
  })

  it('has each cell of its tables in the CSV', () => {
    const rows = parseCsv(renderPageCsv(page)) as readonly (readonly string[])[]
    expect(rows).toContainEqual(['Who can do what', 'Element X', '', 'Log in', 'no', ''])
    expect(rows).toContainEqual(['The walk', 'token', '', 'Took', '1250', 'milliseconds'])
  })

  it('shows nothing that a terminal obeys', () => {
    const shown = text(filledWith('a\u001B[2Jb\u0007'))
    for (const control of ['\u0007', '\u001B']) expect(shown).not.toContain(control)
    expect(shown).toContain('b')
  })
})

describe('a page as files', () => {
  it('is written in each kind, as JSON the document itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'syn2op-page-'))
    const kinds = ['html', 'json', 'text', 'markdown', 'csv', 'junit'] as const
    try {
      await writePage(
        { document: { kind: 'readiness', probes: [] }, page },
        kinds.map((kind) => ({ kind, file: join(folder, kind) })),
      )
      const read = (kind: string): string => readFileSync(join(folder, kind), 'utf8')
      expect(JSON.parse(read('json'))).toEqual({ kind: 'readiness', probes: [] })
      expect(kinds.map(read).map((one) => one.length > 0)).toEqual(kinds.map(() => true))
      expect(read('html')).toBe(renderPageHtml(page))
      expect(read('text')).toBe(text(page))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is refused in kinds that are of migrations, with those that there are', () => {
    const check = () =>
      checkPageKinds([
        { kind: 'html', file: 'a' },
        { kind: 'sarif', file: 'b' },
        { kind: 'predictions', file: 'c' },
      ])
    expect(check).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'There is no sarif and no predictions of this',
        next: ['It can be written as: html, json, text, markdown, csv, junit'],
      }),
    )
  })
})
