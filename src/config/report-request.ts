import { z } from 'zod'
import { REPORT_KINDS, type ReportRequest } from '../report/report-kinds.ts'

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

/** The files that two reports would be written to, each once. */
export const sharedFiles = (requests: readonly ReportRequest[]): readonly string[] => {
  const files = requests.map(({ file }) => file)
  return [...new Set(files.filter((file, index) => files.indexOf(file) !== index))]
}
