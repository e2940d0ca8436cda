import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Page } from './page.ts'
import type { ReportKind, ReportRequest } from './report-kinds.ts'
import { FILE_WIDTH, writeEach } from './write-report.ts'

/** A report that is a page: the document for programs, and the page for everybody else. */
interface Paged {
  readonly document: object
  readonly page: Page
}

/** Made when they are asked for, so that a command without reports loads none of them. */
const RENDERERS: Readonly<Partial<Record<ReportKind, (paged: Paged) => Promise<string>>>> = {
  html: async ({ page }) => (await import('./html/render-page.ts')).renderPageHtml(page),
  json: async ({ document }) => `${JSON.stringify(document, null, 2)}\n`,
  text: async ({ page }) =>
    (await import('./text/render-page.ts')).renderPageText(page, { width: FILE_WIDTH, colour: 'off' }),
  markdown: async ({ page }) => (await import('./markdown/render-page.ts')).renderPageMarkdown(page),
  csv: async ({ page }) => (await import('./csv/render-page.ts')).renderPageCsv(page),
  junit: async ({ page }) => (await import('./junit/render-page.ts')).renderPageJunit(page),
}

const KINDS = Object.keys(RENDERERS)

/**
 * Looks whether a page can be written in each kind that was asked for, before any work.
 * @throws Syn2opError usage
 */
export const checkPageKinds = (requests: readonly ReportRequest[]): void => {
  const others = [...new Set(requests.map(({ kind }) => kind).filter((kind) => RENDERERS[kind] === undefined))]
  if (others.length === 0) return
  throw new Syn2opError('usage', `There is no ${others.join(' and no ')} of this`, {
    next: [`It can be written as: ${KINDS.join(', ')}`],
  })
}

/**
 * Writes a page, or the document that it was made of, to every file that was asked for.
 * @throws Syn2opError usage, or report.unwritable with every file that could not be written; the others are.
 */
export const writePage = (paged: Paged, requests: readonly ReportRequest[]): Promise<void> => {
  checkPageKinds(requests)
  return writeEach(requests, async ({ kind }) => (await RENDERERS[kind]?.(paged)) ?? '')
}
