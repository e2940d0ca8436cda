import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { ReportRequest } from '../report/report-kinds.ts'
import { checkReportFiles } from '../report/write-report.ts'
import { causeOf } from '../report/write-whole.ts'

/** Where a rehearsal is told to people who asked for no report; in the working folder. */
export const USUAL_REPORT = join('syn2op-runs', 'rehearsal', 'report.html')

/**
 * The report that a rehearsal writes unasked: none where one for people was asked for. One of an earlier rehearsal is removed: should
 * this one end without a verdict, it would be taken for its report.
 * @throws Syn2opError report.unwritable
 */
export const usualReport = async (asked: readonly ReportRequest[], folder = ''): Promise<readonly ReportRequest[]> => {
  if (asked.some(({ kind }) => kind === 'html')) return []
  const file = join(folder, USUAL_REPORT)
  const reports = [{ kind: 'html', file }] as const
  try {
    await mkdir(dirname(file), { recursive: true })
    await rm(file, { force: true })
  } catch (error) {
    throw new Syn2opError('report.unwritable', 'The report of the rehearsal cannot be written', {
      problems: [{ message: `${file}: ${causeOf(error)}.` }],
      next: ['Name another place for it: --report html=FILE'],
      cause: error,
    })
  }
  await checkReportFiles(reports)
  return reports
}
