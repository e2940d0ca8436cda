import { type RawBuilder, sql } from 'kysely'
import { RELATIONS, type Relation } from '../relations.ts'

/** A condition over the decided rows of one relation, counted beside its decisions. */
export interface Question {
  readonly name: string
  readonly relation: Relation
  /** SQL over the columns of the decided relation. */
  readonly where: RawBuilder<unknown>
}

export interface TallyRow {
  readonly reason: string | null
  readonly count: number
  /** How many of these rows each question is true of, in the order of the questions. */
  readonly answers: readonly number[]
}

/**
 * Counts a relation's rows by reason, and, in the same pass, those of which each question is true.
 * @param decisions the named queries of `decisions`.
 */
export const tallyQuery = (
  decisions: RawBuilder<unknown>,
  relation: Relation,
  questions: readonly Question[],
): RawBuilder<TallyRow> => {
  const answers = questions.map(({ where }) => sql`count(*) FILTER (WHERE ${where})`)
  return sql`
    WITH ${decisions}
    SELECT
      reason,
      count(*) AS count,
      array[${sql.join(answers)}]::double precision[] AS answers
    FROM ${sql.id(relation)}
    GROUP BY reason
  `
}

/** A few accounts of which a question is true: always the same ones, for the same source. */
export const sampleQuery = (
  decisions: RawBuilder<unknown>,
  { relation, where }: Question,
  limit: number,
): RawBuilder<{ mxid: string }> => sql`
  WITH ${decisions}
  SELECT DISTINCT coalesce(mxid, '(no name)') AS mxid
  FROM ${sql.id(relation)}
  WHERE ${where}
  ORDER BY 1
  LIMIT ${sql.lit(limit)}
`

/** The questions of each relation, in the order of every report. */
export const questionsByRelation = (
  questions: readonly Question[],
): readonly { readonly relation: Relation; readonly questions: readonly Question[] }[] =>
  RELATIONS.map((relation) => ({
    relation,
    questions: questions.filter((one) => one.relation === relation),
  }))
