import type { ReportRequest } from './report-kinds.ts'
import { renderTwoTargets } from './text/two-targets.ts'
import type { DocumentOfTwo } from './two-targets.ts'
import { writeWhole } from './write-whole.ts'

/** Columns of a text that is written to a file. */
const FILE_WIDTH = 80

/** Writes what became of two targets as JSON or as text. */
export const writeReportsOfTwo = async (document: DocumentOfTwo, requests: readonly ReportRequest[]): Promise<void> => {
  for (const { kind, file } of requests) {
    const text =
      kind === 'json'
        ? `${JSON.stringify(document, null, 2)}\n`
        : renderTwoTargets(document, { width: FILE_WIDTH, colour: 'off' })
    await writeWhole(file, text)
  }
}
