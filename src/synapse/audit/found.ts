import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { answerOf, type Question, type Tally, type TallyRow, tallyOf } from '../../accounts/decisions/tally.ts'
import { RELATIONS, type Relation } from '../../accounts/relations.ts'
import { FINDINGS, type FindingCode, finding } from '../../findings/catalogue.ts'
import type { Group, GroupRow, Subject } from '../../findings/counting.ts'
import type { Finding } from '../../findings/finding.ts'
import { type CountedCode, countedBy } from './counted-codes.ts'

/** What was counted of one code, with a few of whom it concerns. */
export interface Sampled {
  readonly groups: readonly Group[]
  readonly samples: readonly string[]
}

export type Tallies = ReadonlyMap<Relation, readonly TallyRow[]>

type FoundRules = Pick<DecisionRules, 'leaves'>

/** At most so many samples of a finding. */
const SAMPLES = 3

/** The conditions of one relation, in the order in which its answers come. */
export const askedOf = (codes: readonly CountedCode[], relation: Relation, subject: Subject): readonly Question[] =>
  conditionsOf(codes, relation).map(({ code, where }) => ({ name: code, relation, where: where(subject) }))

const conditionsOf = (codes: readonly CountedCode[], relation: Relation) =>
  countedBy(codes, 'rows').flatMap(({ code, way }) =>
    way.rows.filter(({ of }) => of === relation).map(({ where }) => ({ code, where })),
  )

export const foundByRows = (codes: readonly CountedCode[], code: FindingCode, tallies: Tallies): Sampled =>
  byRelation((relation) =>
    conditionsOf(codes, relation).flatMap((one, position) =>
      one.code === code ? [answerOf(tallies.get(relation) ?? [], position)] : [],
    ),
  )

/** Of a relation that the target takes nothing of, no row is missed: it works on where it is. */
export const foundByReasons = (reasons: readonly string[], tallies: Tallies, { leaves }: FoundRules): Sampled =>
  byRelation((relation) =>
    relation !== 'account' && leaves?.[relation] !== undefined ? [] : [tallyOf(tallies.get(relation) ?? [], reasons)],
  )

const byRelation = (talliesOf: (relation: Relation) => readonly Tally[]): Sampled => {
  const found = RELATIONS.map((relation) => ({ relation, found: talliesOf(relation) }))
  return {
    groups: largestFirst(
      found.map((one) => ({ name: one.relation, count: one.found.reduce((sum, { count }) => sum + count, 0) })),
    ),
    samples: found.flatMap((one) => one.found.flatMap(({ samples }) => samples)),
  }
}

export const foundByQuery = (rows: readonly GroupRow[]): Sampled => ({
  groups: largestFirst(rows.map(({ name, count }) => ({ name: name ?? '', count }))),
  samples: rows
    .toSorted((a, b) => b.count - a.count)
    .flatMap(({ first, last }) => [first, last])
    .filter((name) => name !== null),
})

const largestFirst = (groups: readonly Group[]): readonly Group[] =>
  groups.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en'))

/** Nothing where nothing was counted. */
export const toFinding = (
  { code, way }: CountedCode,
  { groups, samples }: Sampled,
  { serverName, shut }: Pick<DecisionRules, 'serverName' | 'shut'>,
): readonly Finding[] => {
  const count = groups.reduce((sum, one) => sum + one.count, 0)
  if (count === 0) return []
  const found = { count, groups, serverName, ...(shut?.resets === undefined ? {} : { passwords: shut.resets }) }
  const shown = [...new Set(samples)].toSorted().slice(0, SAMPLES)
  return [
    finding(code, {
      message: way.say(found),
      count,
      ...(shown.length === 0 ? {} : { samples: shown.map((mxid) => (mxid.trim() === '' ? '(empty)' : mxid)) }),
      remedy: way.remedies?.(found) ?? [FINDINGS[code].remedy],
    }),
  ]
}
