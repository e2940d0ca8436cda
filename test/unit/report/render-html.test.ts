import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeHtml, html } from '../../../src/report/html/escape.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { arbitraryDocument, documents } from '../../support/arbitrary-documents.ts'
import { runDocument } from '../../support/documents.ts'
import { golden } from '../../support/golden.ts'
import { htmlFaults } from '../../support/html-faults.ts'
import { rehearsalDocument } from '../../support/rehearsal-documents.ts'

/** The style is the same in all, and tested by being looked at. */
const withoutStyle = (page: string): string =>
  page.replace(/<style>[^<]*<\/style>/u, '<style></style>').replace(/'sha256-[^']+'/u, "'sha256-…'")

describe('a report as a page', () => {
  it.each(Object.entries(documents))('%s looks as it was agreed', (name, document) => {
    const page = withoutStyle(renderHtml(document))
    expect(page).toBe(golden(`${name}.html`, page))
  })

  it('lets nothing in but its own style, whose hash it names', () => {
    const page = renderHtml(rehearsalDocument)
    const style = /<style>([^<]*)<\/style>/u.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(style.length).toBeGreaterThan(1000)
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'; img-src data:;`)
    expect(style).not.toMatch(/@import|url\(/u)
  })

  it.each(Object.entries(documents))('%s is well-formed, and holds only elements of ours', (_name, document) => {
    expect(htmlFaults(renderHtml(document))).toEqual([])
  })

  it('holds only elements of ours whatever users, tables and servers are called', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const page = renderHtml(document)
        expect(htmlFaults(page)).toEqual([])
        expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/u)
      }),
    )
  })

  it('the check of the check: markup that comes through is seen', () => {
    expect(htmlFaults('<p><script>1</script></p>')).toContain('element script')
    expect(htmlFaults('<p onload="1"></p>')).toEqual(['attribute onload'])
    expect(htmlFaults("<p onload='1'></p>")).not.toEqual([])
    expect(htmlFaults('<p>a < b</p>')).not.toEqual([])
    expect(htmlFaults('<p><b></p>')).not.toEqual([])
  })

  it('names what it was made with and from', () => {
    const page = renderHtml(runDocument)
    const footer = page.slice(page.indexOf('<footer>'))
    expect(footer).toContain('syn2op 0.1.0')
    expect(footer).toContain('2026-11-21 22:00:00 UTC')
    expect(footer).toContain(runDocument.runId)
  })

  it.each(Object.entries(documents))('%s leads nowhere but to places in itself', (_name, document) => {
    const page = renderHtml(document)
    const places = [...page.matchAll(/ id="([^"]*)"/gu)].map(([, id]) => id)
    expect(new Set(places).size).toBe(places.length)
    for (const [, href = ''] of page.matchAll(/ href="([^"]*)"/gu)) expect(places.map((id) => `#${id}`)).toContain(href)
  })

  it.each(Object.entries(documents))('%s has its headings in order', (_name, document) => {
    const levels = [...renderHtml(document).matchAll(/<h([1-6])/gu)].map(([, level]) => Number(level))
    expect(levels[0]).toBe(1)
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
  })

  it('tells those who do not see it what its tables and bars say', () => {
    const page = renderHtml(rehearsalDocument)
    const tables = page.match(/<table\b.*?<\/table>/gsu) ?? []
    expect(tables.length).toBe(7)
    for (const table of tables) {
      expect(table).toMatch(/<caption>[^<]+<\/caption>/u)
      expect(table).toContain('<th scope="col"')
      expect(table).toContain('<th scope="row"')
    }
    for (const [svg] of page.matchAll(/<svg[^>]*>/gu)) expect(svg).toMatch(/aria-label="[^"]+"|aria-hidden="true"/u)
  })
})

describe('markup', () => {
  it('escapes every value, and only once', () => {
    const inner = html`<b>${'<i>'}</b>`
    expect(html`<p title="${'"&'}">${inner}${[inner]}${7}</p>`.markup).toBe(
      '<p title="&quot;&amp;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b>7</p>',
    )
    expect(escapeHtml("it's")).toBe('it&#39;s')
  })
})
