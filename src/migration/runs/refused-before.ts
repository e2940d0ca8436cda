import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { accountRecordSchema } from '../../report/schema/run-record.ts'
import { listRunIds } from './read-run.ts'
import { runFiles } from './run-folder.ts'

/**
 * Whom a target has refused in any run of a folder, as far as it can be read: a record that is cut off, or gone, says
 * nothing.
 */
export const refusedBefore = async (runs: string): Promise<ReadonlySet<string>> => {
  const refused = new Set<string>()
  for (const runId of await listRunIds(runs)) {
    const lines = createInterface({ input: createReadStream(runFiles(runs, runId).accounts, 'utf8') })
    try {
      for await (const line of lines) {
        const mxid = line.includes('"rejected"') ? refusedIn(line) : null
        if (mxid !== null) refused.add(mxid)
      }
    } catch {
      // Without it these accounts are tried in their order, as ever.
    }
  }
  return refused
}

const refusedIn = (line: string): string | null => {
  try {
    const { success, data } = accountRecordSchema.safeParse(JSON.parse(line))
    return success && data.outcome === 'rejected' ? data.mxid : null
  } catch {
    return null
  }
}
