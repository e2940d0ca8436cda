import type { Stage } from '../../report/run-parts.ts'
import { accountsOfRuns } from './accounts-of-runs.ts'
import { freezingRuns, isWhole, type KnownRuns, standingRuns } from './known-runs.ts'
import { leftAtTarget } from './left-at-target.ts'
import { readingJournal } from './read-journal.ts'

/**
 * The cohorts as they were frozen, and how far each has come; none where there are none. One has begun with a run of it or
 * of everybody, unless so much of it was taken back that nobody is left at the target; and once all of it is on record,
 * whichever runs did that.
 */
export const stagesOfRuns = (known: Pick<KnownRuns, 'runs'>): readonly Stage[] => {
  const newest = freezingRuns(known).findLast(({ file }) => cohortsOf(file).length > 0)
  if (newest === undefined) return []
  const { recorded, takenBack } = accountsOfRuns(known)
  const left = leftAtTarget(known.runs.map(({ file }) => file))
  const runs = standingRuns(known)
  const members = membersOf(newest.file)
  return cohortsOf(newest.file).map((name, cohort) => {
    const own = members.filter((member) => member.cohort === cohort)
    const there = own.filter(({ mxid }) => recorded.has(mxid)).length
    const wasBegun = runs.some((run) => isWhole(run) || run.head.cohort === name)
    const isTakenBack =
      own.some(({ mxid }) => takenBack.has(mxid)) && own.every(({ mxid }) => takenBack.has(mxid) || !left.has(mxid))
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
