import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { RowsOf } from '../../accounts/decisions/cohort-tally.ts'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { answerOf, type Tally, type TallyRow, tallyOf, tallyQuery } from '../../accounts/decisions/tally.ts'
import { RELATIONS, type Relation } from '../../accounts/relations.ts'
import { run } from '../../postgres/statement.ts'
import type { RelationCount } from '../../report/documents.ts'
import type { Finding } from '../../report/finding.ts'
import { FINDINGS, finding } from '../../report/findings/catalogue.ts'
import { relationCount } from '../../report/relation-counts.ts'
import type { Relations } from '../relations.ts'
import { type AuditQuestion, auditQuestions } from './questions.ts'
import { REASON_FINDINGS } from './reason-findings.ts'

export interface Audit {
  readonly relations: readonly RelationCount[]
  readonly findings: readonly Finding[]
}

export interface AuditOptions {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** The named queries of `decisions`. */
  readonly decisions: RawBuilder<unknown>
  /** Connections within one snapshot; the relations are counted side by side over them. */
  readonly readers: readonly Client[]
  /** Which rows; absent: all of them. */
  readonly isCounted?: RowsOf
}

/** The relations that take longest come first, so that no reader waits for the other at the end. */
const LONGEST_FIRST: readonly Relation[] = [
  'access_token',
  'session',
  'refresh_token',
  'account',
  'threepid',
  'external_id',
  'password',
]

/** At most so many samples of a finding. */
const SAMPLES = 3

/** Counts every decision, and finds what an administrator must know: one pass over each relation. */
export const auditSource = async ({
  relations,
  rules,
  decisions,
  readers,
  isCounted,
}: AuditOptions): Promise<Audit> => {
  const questions = auditQuestions(relations, rules)
  const tallies = new Map<Relation, readonly TallyRow[]>()
  const queue = [...LONGEST_FIRST]
  await Promise.all(
    readers.map(async (reader) => {
      for (let relation = queue.shift(); relation !== undefined; relation = queue.shift()) {
        const asked = questionsOf(questions, relation)
        tallies.set(relation, await run(reader, tallyQuery(decisions, relation, asked, isCounted)))
      }
    }),
  )
  return {
    relations: RELATIONS.map((relation) => relationCount(relation, tallies.get(relation) ?? [])),
    findings: [...answeredFindings(questions, tallies), ...reasonFindings(tallies)],
  }
}

const questionsOf = (questions: readonly AuditQuestion[], relation: Relation): readonly AuditQuestion[] =>
  questions.filter((one) => one.relation === relation)

type Tallies = ReadonlyMap<Relation, readonly TallyRow[]>

const answeredFindings = (questions: readonly AuditQuestion[], tallies: Tallies): readonly Finding[] =>
  RELATIONS.flatMap((relation) =>
    questionsOf(questions, relation).flatMap((question, position) =>
      toFinding(question, answerOf(tallies.get(relation) ?? [], position)),
    ),
  )

const reasonFindings = (tallies: Tallies): readonly Finding[] =>
  REASON_FINDINGS.flatMap((one) => toFinding(one, tallyOf([...tallies.values()].flat(), one.reasons)))

const toFinding = (
  { code, say }: Pick<AuditQuestion, 'code' | 'say'>,
  { count, samples }: Tally,
): readonly Finding[] => {
  if (count === 0) return []
  return [
    finding(code, {
      message: say(count),
      count,
      samples: samples.slice(0, SAMPLES).map((mxid) => (mxid.trim() === '' ? '(empty)' : mxid)),
      remedy: [FINDINGS[code].remedy],
    }),
  ]
}
