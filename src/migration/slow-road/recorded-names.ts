import type { Target } from '../../targets/target.ts'
import type { MigrationRequest } from '../request.ts'
import { AT_TARGET } from './journal-schema.ts'
import { readingJournal } from './read-journal.ts'
import { slowRuns } from './runs.ts'

/**
 * The username that each account has at a target, by its Matrix id, as far as the folder of the runs knows: that of whoever
 * ended there, or was about to when a run died. Nobody's at a target that follows no rules about usernames.
 */
export const recordedNames = async (
  { runs: folder, homeserver }: Pick<MigrationRequest, 'runs' | 'homeserver'>,
  target: Pick<Target, 'name' | 'follows' | 'describe'>,
): Promise<ReadonlyMap<string, string>> => {
  const names = new Map<string, string>()
  if (folder === undefined || target.follows?.usernames === undefined) return names
  const { location } = await target.describe()
  const runs = await slowRuns(folder, { target: target.name, location, serverName: homeserver.serverName })
  for (const { file } of runs) {
    readingJournal(file, (db) => {
      const ended = db.prepare(`
        SELECT mxid, username, outcome = 'removed' AS removed FROM account
        WHERE mxid IS NOT NULL AND (
          outcome = 'removed'
          OR username IS NOT NULL AND (outcome IN ${AT_TARGET} OR (outcome IS NULL AND intended_at IS NOT NULL))
        )`)
      for (const { mxid, username, removed } of ended.iterate()) {
        if (removed === 1) names.delete(String(mxid))
        else names.set(String(mxid), String(username))
      }
    })
  }
  return names
}
