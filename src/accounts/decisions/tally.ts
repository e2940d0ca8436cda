import { type RawBuilder, sql } from 'kysely'
import type { Relation } from '../relations.ts'
import type { RowsOf } from './cohort-tally.ts'

/** A condition over the decided rows of one relation, counted beside its decisions. */
export interface Question {
  readonly name: string
  readonly relation: Relation
  /** SQL over the columns of the decided relation. */
  readonly where: RawBuilder<unknown>
}

/** How many rows, and whose: the first and the last account by name, so that the samples are always the same. */
export interface Tally {
  readonly count: number
  readonly samples: readonly string[]
}

/** The rows of one reason; NULL: migrated or carried. */
export interface TallyRow {
  readonly reason: string | null
  readonly count: number
  /** NULL for what is migrated or carried: nobody asks, and most rows are. */
  readonly first: string | null
  readonly last: string | null
  /** Of these rows, those of which each question is true, in the order of the questions. */
  readonly answers: readonly number[]
  readonly firsts: readonly (string | null)[]
  readonly lasts: readonly (string | null)[]
}

/**
 * Counts a relation's rows by reason, and, in the same pass, those of which each question is true.
 * @param decisions the named queries of `decisions`.
 * @param isCounted which rows; absent: all of them.
 */
export const tallyQuery = (
  decisions: RawBuilder<unknown>,
  relation: Relation,
  questions: readonly Question[],
  isCounted: RowsOf = () => sql`true`,
): RawBuilder<TallyRow> => {
  const answer = (index: number): RawBuilder<unknown> => sql.id(`answer_${index}`)
  const each = (aggregate: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`array[${sql.join(questions.map((_, index) => sql`${aggregate} FILTER (WHERE ${answer(index)})`))}]`
  return sql`
    WITH ${decisions},
    answered AS NOT MATERIALIZED (
      SELECT ${sql.join([sql`mxid`, sql`reason`, ...questions.map(({ where }, index) => sql`${where} AS ${answer(index)}`)])}
      FROM ${sql.id(relation)}
      WHERE ${isCounted(sql.id(relation, 'mxid'))}
      OFFSET 0
    )
    SELECT
      reason,
      count(*) AS count,
      min(mxid) FILTER (WHERE reason IS NOT NULL) AS first,
      max(mxid) FILTER (WHERE reason IS NOT NULL) AS last,
      ${each(sql`count(*)`)}::double precision[] AS answers,
      ${each(sql`min(mxid)`)}::text[] AS firsts,
      ${each(sql`max(mxid)`)}::text[] AS lasts
    FROM answered
    GROUP BY reason
  `
}

/** The rows of which a question is true, whatever their reason. */
export const answerOf = (rows: readonly TallyRow[], position: number): Tally => ({
  count: rows.reduce((sum, { answers }) => sum + (answers[position] ?? 0), 0),
  samples: names(rows.flatMap(({ firsts, lasts }) => [firsts[position], lasts[position]])),
})

/** The rows that have one of the reasons. */
export const tallyOf = (rows: readonly TallyRow[], reasons: readonly string[]): Tally => {
  const those = rows.filter(({ reason }) => reason !== null && reasons.includes(reason))
  return {
    count: those.reduce((sum, { count }) => sum + count, 0),
    samples: names(those.flatMap(({ first, last }) => [first, last])),
  }
}

const names = (found: readonly (string | null | undefined)[]): readonly string[] =>
  [...new Set(found.filter((name) => name !== null && name !== undefined))].toSorted()
