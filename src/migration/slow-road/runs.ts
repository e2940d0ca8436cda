import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunId } from '../runs/run-folder.ts'
import { openJournal } from './journal.ts'
import type { JournalHead } from './journal-head.ts'

export interface SlowRun {
  readonly file: string
  readonly head: JournalHead
}

export const journalFile = (runs: string, runId: string): string => join(runs, runId, 'journal.sqlite')

/** The runs into one target that a folder has, the oldest first. */
export const slowRuns = async (
  runs: string,
  { target, location, serverName }: Pick<JournalHead, 'target' | 'location' | 'serverName'>,
): Promise<readonly SlowRun[]> => {
  const names = await readdir(runs).catch(() => [])
  return names
    .filter(isRunId)
    .toSorted()
    .flatMap((name) => {
      const file = journalFile(runs, name)
      const head = existsSync(file) ? headOf(file) : undefined
      return head?.target === target && head.location === location && head.serverName === serverName
        ? [{ file, head }]
        : []
    })
}

const headOf = (file: string): JournalHead | undefined => {
  const journal = openJournal(file)
  try {
    return journal.head()
  } finally {
    journal.close()
  }
}
