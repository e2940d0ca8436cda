import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'

export const REPORT_KINDS = ['html', 'json', 'text', 'predictions'] as const

export type ReportKind = (typeof REPORT_KINDS)[number]

/** Kinds that show the document; `predictions` is a list that is written while it is found. */
export type RenderedKind = Exclude<ReportKind, 'predictions'>

/** One report that somebody wants as a file. */
export interface ReportRequest {
  readonly kind: ReportKind
  readonly file: string
}

const isKind = (text: string): text is ReportKind => REPORT_KINDS.some((kind) => kind === text)

const parse = (value: string): ReportRequest | Problem => {
  const equals = value.indexOf('=')
  const kind = equals < 0 ? value : value.slice(0, equals)
  const file = equals < 0 ? '' : value.slice(equals + 1)
  if (!isKind(kind))
    return {
      message: `--report ${value}: there is no kind of report named "${kind}".`,
      remedy: `The kinds are ${REPORT_KINDS.join(', ')}, such as --report html=report.html.`,
    }
  if (file === '') return { message: `--report ${value}: the file is missing.`, remedy: `Write --report ${kind}=FILE.` }
  return { kind, file }
}

const isProblem = (parsed: ReportRequest | Problem): parsed is Problem => 'message' in parsed

const isRequest = (parsed: ReportRequest | Problem): parsed is ReportRequest => !isProblem(parsed)

/**
 * Reads the values of `--report KIND=FILE`.
 * @throws Syn2opError usage, with every value that is wrong, and every file that two reports would share.
 */
export const parseReportRequests = (values: readonly string[]): readonly ReportRequest[] => {
  const parsed = values.map(parse)
  const requests = parsed.filter(isRequest)
  const files = requests.map((request) => request.file)
  const shared = [...new Set(files.filter((file, index) => files.indexOf(file) !== index))]
  const problems: readonly Problem[] = [
    ...parsed.filter(isProblem),
    ...shared.map((file) => ({ message: `--report: two reports would be written to ${file}.` })),
  ]
  if (problems.length > 0)
    throw new Syn2opError('usage', 'The reports that are asked for cannot be made.', { problems })
  return requests
}
