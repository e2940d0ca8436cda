import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { Document } from './documents.ts'
import type { RenderedKind, ReportRequest } from './report-kinds.ts'
import { causeOf, writeWhole } from './write-whole.ts'

/** Columns of a report that is written to a file, where no terminal says how wide it is. */
export const FILE_WIDTH = 80

/** Made when they are asked for, so that a command without reports loads none of them. */
const RENDERERS: Readonly<Record<RenderedKind, (document: Document) => Promise<string>>> = {
  html: async (document) => (await import('./html/render-html.ts')).renderHtml(document),
  markdown: async (document) => (await import('./markdown/render-markdown.ts')).renderMarkdown(document),
  csv: async (document) => (await import('./csv/render-csv.ts')).renderCsv(document),
  junit: async (document) => (await import('./junit/render-junit.ts')).renderJunit(document),
  sarif: async (document) => (await import('./sarif/render-sarif.ts')).renderSarif(document),
  json: async (document) => (await import('./to-json.ts')).toJson(document),
  text: async (document) =>
    (await import('./text/render-text.ts')).renderText(document, { width: FILE_WIDTH, colour: 'off' }),
}

const problem = ({ file }: ReportRequest, error: unknown): Problem => {
  // What does not come from the file system is a fault of ours, which must not pass for one of the disk.
  const cause = causeOf(error)
  if (cause === undefined) throw error
  return { message: `${file}: ${cause}.` }
}

/** Runs a step for every report, and says of all that failed. */
const forEach = async (
  requests: readonly ReportRequest[],
  step: (request: ReportRequest) => Promise<void>,
): Promise<void> => {
  const results = await Promise.allSettled(requests.map(step))
  const problems = results.flatMap((result, index) => {
    const request = requests[index]
    return result.status === 'rejected' && request !== undefined ? [problem(request, result.reason)] : []
  })
  if (problems.length > 0)
    throw new Syn2opError('report.unwritable', 'Reports cannot be written.', {
      problems,
      next: ['Name files in folders that exist and that you may write to.'],
    })
}

const isDirectory = async (file: string): Promise<boolean> => {
  try {
    return (await stat(file)).isDirectory()
  } catch {
    return false
  }
}

/**
 * Looks whether every report can be written, before hours of work.
 * @throws Syn2opError report.unwritable, with every file that cannot.
 */
export const checkReportFiles = (requests: readonly ReportRequest[]): Promise<void> =>
  forEach(requests, async ({ file }) => {
    if (await isDirectory(file)) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    const folder = dirname(file)
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    await access(folder, constants.W_OK | constants.X_OK)
  })

/**
 * Writes a text to the file of each report.
 * @throws Syn2opError report.unwritable, with every file that could not be written; the others are.
 */
export const writeEach = (
  requests: readonly ReportRequest[],
  render: (request: ReportRequest) => Promise<string>,
): Promise<void> => forEach(requests, async (request) => writeWhole(request.file, await render(request)))

/**
 * Writes a document as every report that was asked for.
 * @throws Syn2opError report.unwritable, with every file that could not be written; the others are.
 */
export const writeReports = (document: Document, requests: readonly ReportRequest[]): Promise<void> =>
  forEach(requests, async ({ kind, file }) => {
    if (kind !== 'predictions') await writeWhole(file, await RENDERERS[kind](document))
  })
