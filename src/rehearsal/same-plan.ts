import { RELATION_NAMES } from '../accounts/relations.ts'
import { comparePlans as compareCounts } from '../migration/planned/compare-plans.ts'
import type { CohortCount, PlanDocument, RehearsalDocument, RelationChanges } from '../report/documents.ts'
import type { FindingChange, PlanComparison } from '../report/plan-comparison.ts'
import { leftOf } from '../report/totals.ts'
import { reasonText } from '../report/words.ts'
import { formatCount, formatInteger } from '../terminal/numbers.ts'

interface Tolerance {
  /** So many accounts were used at a target from which used ones are not taken back: they are there again. */
  readonly stayed?: number
}

type Again = NonNullable<RehearsalDocument['again']>

/**
 * Whether a plan made after a rollback is the plan made before the migration: then the target is as it was. Notices, times
 * and fingerprints may be others. Pure.
 */
export const comparePlans = (before: PlanDocument, after: PlanDocument, { stayed = 0 }: Tolerance = {}): Again => {
  const { rows, outcomes, findings } = compareCounts({ file: '', document: before }, after)
  const differences = [
    ...rows.map(({ relation, reason, before: was, now }) =>
      differs(
        `${RELATION_NAMES[relation].many} ${reason === null ? 'carried' : `left (${reasonText(reason)})`}`,
        was,
        now,
      ),
    ),
    ...outcomeDifferences(outcomes, stayed),
    ...changeDifferences(before, after, stayed),
    ...cohortDifferences(before.cohorts, after.cohorts),
    ...findings.filter((change) => matters(change, stayed)).map(findingWords),
  ]
  return { same: differences.length === 0, differences }
}

const differs = (what: string, before: number | undefined, now: number | undefined): string =>
  `${what}: ${numberOrNone(before)} before, ${numberOrNone(now)} now`

const numberOrNone = (count: number | undefined): string => (count === undefined ? 'none' : formatInteger(count))

/** Whoever stayed is not created again, and may end in any other way. */
const outcomeDifferences = (changes: PlanComparison['outcomes'], stayed: number): readonly string[] => {
  const moved = changes.map(({ before, now }) => now - before)
  const isExplained =
    changes.every(({ outcome, before, now }) => (outcome === 'created' ? now < before : now > before)) &&
    moved.every((each) => Math.abs(each) <= stayed)
  return isExplained ? [] : changes.map(({ outcome, before, now }) => differs(`accounts ${outcome}`, before, now))
}

const CHANGES = ['create', 'update', 'remove', 'theirs', 'foreign'] as const

const CHANGE_WORDS: Readonly<Record<(typeof CHANGES)[number], string>> = {
  create: 'to be created',
  update: 'to be updated',
  remove: 'to be removed',
  theirs: 'changed at the target',
  foreign: 'of somebody else at the target',
}

/** A plan for an empty target does not tell changes: everything that is carried would be created. */
const changesOf = ({ changes, relations }: PlanDocument): readonly RelationChanges[] =>
  changes ??
  relations.map(({ relation, carried }) => ({
    relation,
    create: carried,
    update: 0,
    remove: 0,
    unchanged: 0,
    theirs: 0,
    foreign: 0,
  }))

/** Of one person no more rows of a relation other than accounts are expected: e-mails, identities. */
const ROWS_OF_ONE = 10

/** One relation, before and now. */
interface Moved {
  readonly relation: RelationChanges['relation']
  readonly earlier: Counted
  readonly later: Counted
}

type Counted = Readonly<Record<(typeof CHANGES)[number], number>>

const NOTHING: Counted = { create: 0, update: 0, remove: 0, theirs: 0, foreign: 0 }

const changeDifferences = (before: PlanDocument, after: PlanDocument, stayed: number): readonly string[] => {
  if (before.changes === undefined && after.changes === undefined) return []
  const [was, is] = [before, after].map((plan) => new Map(changesOf(plan).map((one) => [one.relation, one])))
  const relations = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])
  return [...relations]
    .map((relation) => ({
      relation,
      earlier: was?.get(relation) ?? NOTHING,
      later: is?.get(relation) ?? NOTHING,
    }))
    .filter((moved) => !isOfWhoStayed(moved, stayed))
    .flatMap(({ relation, earlier, later }) =>
      CHANGES.filter((of) => earlier[of] !== later[of]).map((of) =>
        differs(`${RELATION_NAMES[relation].many} ${CHANGE_WORDS[of]}`, earlier[of], later[of]),
      ),
    )
}

/**
 * Rows of accounts that stayed are not created again, and each of them may have been changed there. Nothing of somebody else's
 * comes of it.
 */
const isOfWhoStayed = ({ relation, earlier, later }: Moved, stayed: number): boolean => {
  const there = earlier.create - later.create
  const most = relation === 'account' ? stayed : stayed * ROWS_OF_ONE
  const changed = (['update', 'remove', 'theirs'] as const).map((of) => later[of] - earlier[of])
  return (
    there >= 0 &&
    there <= most &&
    changed.every((more) => more >= 0) &&
    changed.reduce((sum, more) => sum + more, 0) <= there &&
    later.foreign <= earlier.foreign
  )
}

const cohortDifferences = (
  before: readonly CohortCount[] = [],
  after: readonly CohortCount[] = [],
): readonly string[] => {
  const [was, is] = [before, after].map((cohorts) => new Map(cohorts.map((one) => [one.cohort, one])))
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap((name) => {
    const [earlier, later] = [was?.get(name), is?.get(name)]
    const counts = [
      ...(earlier?.carried === later?.carried
        ? []
        : [differs(`accounts of the cohort ${name} that migrate`, earlier?.carried, later?.carried)]),
      ...(heldBack(earlier) === heldBack(later)
        ? []
        : [differs(`accounts of the cohort ${name} held back`, heldBack(earlier), heldBack(later))]),
    ]
    const begun = [earlier, later].map((cohort) => cohort?.begun === true)
    return begun[0] === begun[1]
      ? counts
      : [
          ...counts,
          `the cohort ${name} was ${begun[0] ? '' : 'not '}begun before, and ${begun[1] ? 'is' : 'is not'} now`,
        ]
  })
}

const heldBack = (cohort: CohortCount | undefined): number | undefined =>
  cohort === undefined ? undefined : leftOf(cohort)

/** Notices tell of the moment, and of what was done before. */
const matters = ({ severity, before = 0, now = 0 }: FindingChange, stayed: number): boolean =>
  severity === 'error' || (severity !== 'notice' && (stayed === 0 || Math.abs(now - before) > stayed || now === before))

const findingWords = ({ code, severity, change, before, now }: FindingChange): string => {
  if (change === 'changed') return differs(`${severity} ${code}`, before, now)
  const count = change === 'new' ? now : before
  return `${severity} ${code}${count === undefined ? '' : ` of ${formatCount(count, 'row', 'rows')}`}: ${change === 'new' ? 'only now' : 'only before'}`
}
