/** The kinds of file that `--report KIND=FILE` can write. */
export const REPORT_KINDS = ['html', 'json', 'text', 'markdown', 'csv', 'junit', 'sarif', 'predictions'] as const

export type ReportKind = (typeof REPORT_KINDS)[number]

/** Kinds that show the document; `predictions` is a list that is written while it is found. */
export type RenderedKind = Exclude<ReportKind, 'predictions'>

/** A file to write the result to, besides what is shown. */
export interface ReportRequest {
  readonly kind: ReportKind
  readonly file: string
}
