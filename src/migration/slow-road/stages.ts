import type { Stage } from '../../report/run-parts.ts'
import { accountsOfRuns } from './accounts-of-runs.ts'
import { isWhole, type KnownRuns, standingRuns, writingRuns } from './known-runs.ts'
import { readingJournal } from './read-journal.ts'

/**
 * The cohorts as they were frozen, and how far each has come; none where there are none. One has begun with a run of it or
 * of everybody, unless all of it was taken back; and once all of it is on record, whichever runs did that.
 */
export const stagesOfRuns = (known: Pick<KnownRuns, 'runs'>): readonly Stage[] => {
  const newest = writingRuns(known).findLast(({ file }) => cohortsOf(file).length > 0)
  if (newest === undefined) return []
  const { recorded, takenBack } = accountsOfRuns(known)
  const runs = standingRuns(known)
  const members = membersOf(newest.file)
  return cohortsOf(newest.file).map((name, cohort) => {
    const own = members.filter((member) => member.cohort === cohort)
    const there = own.filter(({ mxid }) => recorded.has(mxid)).length
    const wasBegun = runs.some((run) => isWhole(run) || run.head.cohort === name)
    const isTakenBack = own.length > 0 && own.every(({ mxid }) => takenBack.has(mxid))
    const isComplete = own.length > 0 && there === own.length
    return { name, members: own.length, begun: (wasBegun && !isTakenBack) || isComplete, recorded: there }
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
