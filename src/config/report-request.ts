import { z } from 'zod'

/** The kinds of file that `--report KIND=FILE` can write. */
export const REPORT_KINDS = ['text', 'json', 'html', 'predictions'] as const

export type ReportKind = (typeof REPORT_KINDS)[number]

/** A file to write the result to, besides what is shown. */
export interface ReportRequest {
  readonly kind: ReportKind
  readonly file: string
}

/** `KIND=FILE` as one text, such as `html=plan.html`. */
export const reportRequestSchema = z
  .string()
  .regex(/^[a-z]+=.+$/u, 'must be KIND=FILE, such as html=report.html')
  .transform((text, context): ReportRequest => {
    const kind = REPORT_KINDS.find((each) => text.startsWith(`${each}=`))
    if (kind !== undefined) return { kind, file: text.slice(kind.length + 1) }
    context.addIssue({ code: 'custom', message: `is of an unknown kind; known are ${REPORT_KINDS.join(', ')}` })
    return z.NEVER
  })
