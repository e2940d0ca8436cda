import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Document, PlanDocument } from '../../../src/report/documents.ts'
import { SCHEMES, startChromium, WIDTHS, whyNoChromium } from '../../support/browser/chromium.ts'
import { type OpenReport, openReport, writeReport } from '../../support/browser/open-report.ts'
import { boundRunDocument } from '../../support/compared-documents.ts'
import { checkDocument, verifyDocumentOfMerge } from '../../support/documents.ts'
import { planWithFindings } from '../../support/many-findings.ts'
import { failedRehearsalDocument } from '../../support/rehearsal-documents.ts'
import { rollbackDocument } from '../../support/rollback-documents.ts'

const MANY = 10_000
const FOLDED = 150

/** What depends on colours and widths; the other rules see the same page in all of them. */
const SEEN_RULES = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'] as const

/** One document of each kind, those with most to say. */
const KINDS: Readonly<Record<Document['kind'], Document>> = {
  check: checkDocument,
  plan: planWithFindings(10),
  run: boundRunDocument,
  verify: verifyDocumentOfMerge,
  rollback: rollbackDocument,
  rehearsal: failedRehearsalDocument,
}

describe.skipIf(whyNoChromium() !== undefined)('a report in a browser', () => {
  let browser: Browser
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
  const addresses = new Map<string, string>()

  const open = (name: string, options: BrowserContextOptions): Promise<OpenReport> =>
    openReport(browser, addresses.get(name) ?? '', options)

  beforeAll(async () => {
    folder = await mkdtempDisposable(join(tmpdir(), 'syn2op-browser-'))
    const long: PlanDocument = {
      ...planWithFindings(1),
      relations: [{ relation: 'account', read: 70_000_000, carried: 70_000_000, left: [] }],
      cohorts: [{ cohort: 'w'.repeat(200), read: 70_000_000, carried: 70_000_000, left: [] }],
    }
    const folded = { long, many: planWithFindings(MANY), folded: planWithFindings(FOLDED) }
    for (const [name, document] of Object.entries({ ...KINDS, ...folded }))
      addresses.set(name, await writeReport(folder.path, name, document))
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await folder?.remove()
  })

  it.each(Object.keys(KINDS))(
    '%s: axe finds nothing, nothing is clipped, and nothing else is asked for',
    async (kind) => {
      const { page, said, asked, look } = await open(kind, { viewport: WIDTHS.phone, colorScheme: 'light' })
      await look('unfold()')
      expect(await look('axe()')).toEqual([])
      for (const [name, viewport] of Object.entries(WIDTHS)) {
        await page.setViewportSize(viewport)
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme })
          expect(await look(`axe(${JSON.stringify(SEEN_RULES)})`), `${name}, ${colorScheme}`).toEqual([])
        }
        expect(await look('clipped()'), name).toEqual([])
        expect(await look('collided()'), name).toEqual([])
      }
      expect(said).toEqual([])
      expect(asked).toEqual([])
      await page.close()
    },
  )

  it.each(['plan', 'long'])('%s: fits on the narrowest telephones, and on a desk', async (name) => {
    const { page, look } = await open(name, { viewport: { width: 320, height: 568 } })
    for (const viewport of [{ width: 320, height: 568 }, WIDTHS.desktop]) {
      await page.setViewportSize(viewport)
      expect(await look('clipped()')).toEqual([])
      expect(await look('collided()')).toEqual([])
    }
    await page.close()
  })

  it('is walked through with the keyboard in the order in which it is read, and unfolds by Enter', async () => {
    const { page, look } = await open('folded', { viewport: WIDTHS.desktop })
    const stops = await look<number>('stops().length')
    const walked: number[] = []
    for (let index = 0; index < stops; index++) {
      await page.keyboard.press('Tab')
      walked.push(await look('focused()'))
    }
    expect(walked).toEqual(Array.from({ length: stops }, (_, index) => index))
    const summary = page.locator('summary').last()
    await summary.focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('details[open]').count()).toBe(1)
    await page.close()
  })

  it('prints every finding, the folded ones too', async () => {
    const { page, look } = await open('folded', { viewport: WIDTHS.desktop })
    expect(await look('findings()')).toBe(0)
    await page.emulateMedia({ media: 'print' })
    expect(await look('findings()')).toBe(FOLDED)
    expect((await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/gu)?.length).toBeGreaterThan(10)
    await page.close()
  })

  it('opens 10,000 findings while a reader waits', async () => {
    const { page, look } = await open('many', { viewport: WIDTHS.phone })
    expect(await page.locator('summary').count()).toBeGreaterThan(20)
    expect(await look('loaded()')).toBeLessThan(5000)
    await page.close()
  })
})
