import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AccountInRun } from '../../report/explanation.ts'
import type { AccountRecord } from '../../report/run-record.ts'
import type { RunEntry } from '../../report/runs-document.ts'
import { accountRecordSchema } from '../../report/schema/run-record.ts'
import { runFiles } from '../runs/run-folder.ts'

/** What the folders of the runs say of one account; a run of another homeserver knows nothing of it. */
export const accountHistory = async (
  runs: string,
  entries: readonly RunEntry[],
  { mxid, serverName }: { readonly mxid: string; readonly serverName: string },
): Promise<readonly AccountInRun[]> => {
  const history: AccountInRun[] = []
  for (const { runId, state, kind, cohort, startedAt, ...about } of entries) {
    if (about.serverName !== undefined && about.serverName !== serverName) continue
    // A run of links names nobody.
    if (kind === 'link') continue
    const record = await findRecord(runFiles(runs, runId).accounts, mxid)
    history.push({
      run: {
        runId,
        state,
        ...(kind === undefined ? {} : { kind }),
        ...(cohort === undefined ? {} : { cohort }),
        ...(startedAt === undefined ? {} : { startedAt }),
      },
      ...(record === undefined ? {} : { record }),
    })
  }
  return history
}

/** The last line about the account, read line by line: the file can have one for every ghost of a bridge. */
const findRecord = async (file: string, mxid: string): Promise<AccountRecord | undefined> => {
  const beginning = `{"mxid":${JSON.stringify(mxid)},`
  let found: AccountRecord | undefined
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (!line.startsWith(beginning)) continue
      const record = accountRecordSchema.safeParse(parsed(line))
      if (record.success) found = record.data
    }
  } catch (error) {
    // A run that is known from the journal alone has no such file.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return found
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
