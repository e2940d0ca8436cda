import { AT_TARGET } from './journal-schema.ts'
import { readingJournal } from './read-journal.ts'
import type { SlowRun } from './runs.ts'

/** What some runs have written and still stands, as far as the files of all runs tell. */
export interface WrittenByRuns {
  /** Accounts that they created, and those about which they began a request whose end nobody knows. */
  readonly created: readonly string[]
  /** Accounts of others, to which they added something. */
  readonly added: readonly string[]
  /** Accounts that were there before, of which they changed or removed something, or may have. */
  readonly changed: readonly string[]
  /** How many of those who are there other runs created, by run, the newest first. */
  readonly createdByOthers: ReadonlyMap<string, number>
}

/**
 * @param runs all runs into the target, the oldest first.
 * @param ids of some that follow each other: one went on with the other.
 */
export const writtenByRuns = (runs: readonly SlowRun[], ids: readonly string[]): WrittenByRuns => {
  const own = new Set(ids)
  /** Which run created the account that is there now; null: none of these. */
  const creators = new Map<string, string | null>()
  const everCreated = new Set<string>()
  const added = new Set<string>()
  const changed = new Set<string>()
  const create = (mxid: string, runId: string): void => {
    creators.set(mxid, runId)
    if (own.has(runId)) everCreated.add(mxid)
  }
  for (const { file, head } of runs) {
    // It has sent nothing: what its file has is taken over from others.
    if (head.state === 'deciding') continue
    const { runId } = head
    const isOwn = own.has(runId)
    eachWritten(file, ({ mxid, outcome, adds, changes }) => {
      const isOthers = isOwn && !everCreated.has(mxid)
      switch (outcome) {
        case 'created':
          create(mxid, runId)
          break
        case null:
          // A rollback that did not end: the account may be there or not.
          if (head.state === 'rollback') break
          if (!creators.has(mxid)) create(mxid, runId)
          // Whether it changed anything of an account that was there before, nobody knows.
          else if (isOthers) changed.add(mxid)
          break
        case 'removed':
          if (isOthers) changed.add(mxid)
          creators.delete(mxid)
          break
        default:
          if (!creators.has(mxid)) creators.set(mxid, null)
          if (isOthers && changes) changed.add(mxid)
          else if (isOthers && adds) added.add(mxid)
      }
    })
  }
  const isOurs = (mxid: string): boolean => own.has(creators.get(mxid) ?? '')
  return {
    created: [...creators.keys()].filter(isOurs),
    added: [...added].filter((mxid) => creators.has(mxid) && !isOurs(mxid)),
    changed: [...changed].toSorted(),
    createdByOthers: createdByOthers(creators, own),
  }
}

const createdByOthers = (
  creators: ReadonlyMap<string, string | null>,
  own: ReadonlySet<string>,
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const runId of creators.values()) {
    if (runId !== null && !own.has(runId)) counts.set(runId, (counts.get(runId) ?? 0) + 1)
  }
  return new Map([...counts].toSorted(([one], [other]) => (one < other ? 1 : -1)))
}

interface Written {
  readonly mxid: string
  /** NULL: a request was begun, and nobody knows how it ended. */
  readonly outcome: string | null
  readonly adds: boolean
  readonly changes: boolean
}

/** Who was refused or held back may have given something up for another account before. */
const CHANGES = `(outcome IN ('updated', 'rejected', 'held back') AND EXISTS (
  SELECT 1 FROM json_each(account.rows) r
  WHERE json_extract(r.value, '$.update') > 0 OR json_extract(r.value, '$.remove') > 0
))`

const eachWritten = (file: string, see: (written: Written) => void): void =>
  readingJournal(file, (db) => {
    const written = db.prepare(`
      SELECT mxid, outcome,
        outcome = 'updated' AND EXISTS (
          SELECT 1 FROM json_each(account.rows) r WHERE json_extract(r.value, '$.create') > 0
        ) AS adds,
        ${CHANGES} AS changes
      FROM account
      WHERE mxid IS NOT NULL
        AND (outcome IN ${AT_TARGET} OR outcome = 'removed' OR (outcome IS NULL AND intended_at IS NOT NULL) OR ${CHANGES})`)
    for (const { mxid, outcome, adds, changes } of written.iterate()) {
      see({
        mxid: String(mxid),
        outcome: outcome === null ? null : String(outcome),
        adds: adds === 1,
        changes: changes === 1,
      })
    }
  })
