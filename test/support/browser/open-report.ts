import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Document } from '../../../src/report/documents.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'

/** A report as a browser shows it. */
export interface OpenReport {
  readonly page: Page
  /** What the page said to its console. */
  readonly said: readonly string[]
  /** What it asked for beside itself. */
  readonly asked: readonly string[]
  /** Calls a function of in-page.js. */
  look<T>(call: string): Promise<T>
}

const require = createRequire(import.meta.url)
const IN_PAGE = readFile(new URL('in-page.js', import.meta.url), 'utf8')
const AXE = readFile(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Writes a report into a folder. Returns its address. */
export const writeReport = async (folder: string, name: string, document: Document): Promise<string> => {
  const file = join(folder, `${name}.html`)
  await writeFile(file, renderHtml(document))
  return pathToFileURL(file).href
}

export const openReport = async (
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<OpenReport> => {
  const page = await browser.newPage(options)
  const said: string[] = []
  const asked: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== address) asked.push(request.url())
  })
  await page.goto(address)
  // The page's own policy keeps scripts out, but not those of the browser's driver.
  await page.evaluate(await AXE)
  await page.evaluate(await IN_PAGE)
  return { page, said, asked, look: (call) => page.evaluate(`look.${call}`) }
}
