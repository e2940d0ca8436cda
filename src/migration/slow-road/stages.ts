import type { Stage } from '../../report/run-parts.ts'
import { AT_TARGET } from './journal-schema.ts'
import { type KnownRuns, writingRuns } from './known-runs.ts'
import { readingJournal } from './read-journal.ts'

/** The cohorts as they were frozen, and how far each has come; none where there are none. */
export const stagesOfRuns = (known: Pick<KnownRuns, 'runs'>): readonly Stage[] => {
  const runs = writingRuns(known)
  const newest = runs.toReversed().find(({ file }) => cohortsOf(file).length > 0)
  if (newest === undefined) return []
  const recorded = recordedByRuns(known.runs.map(({ file }) => file))
  const begun = new Set(runs.map(({ head }) => head.cohort))
  const members = membersOf(newest.file)
  return cohortsOf(newest.file).map((name, cohort) => {
    const own = members.filter((member) => member.cohort === cohort)
    return {
      name,
      members: own.length,
      begun: begun.has(undefined) || begun.has(name),
      recorded: own.filter(({ mxid }) => recorded.has(mxid)).length,
    }
  })
}

const cohortsOf = (file: string): readonly string[] =>
  readingJournal(file, (db) =>
    db
      .prepare('SELECT name FROM cohort ORDER BY number')
      .all()
      .map((row) => String(row['name'])),
  )

const membersOf = (file: string): readonly { readonly mxid: string; readonly cohort: number }[] =>
  readingJournal(file, (db) =>
    db
      .prepare('SELECT mxid, cohort FROM member WHERE present = 1')
      .all()
      .map((row) => ({ mxid: String(row['mxid']), cohort: Number(row['cohort']) })),
  )

/** Whom the runs of some files left at the target or held back, the oldest file first. */
const recordedByRuns = (files: readonly string[]): ReadonlySet<string> => {
  const recorded = new Set<string>()
  for (const file of files) {
    readingJournal(file, (db) => {
      const ended = db.prepare(`
        SELECT mxid, outcome = 'removed' AS removed FROM account
        WHERE mxid IS NOT NULL AND (outcome IN ${AT_TARGET} OR outcome IN ('held back', 'removed'))`)
      for (const { mxid, removed } of ended.iterate()) {
        if (removed === 1) recorded.delete(String(mxid))
        else recorded.add(String(mxid))
      }
    })
  }
  return recorded
}
