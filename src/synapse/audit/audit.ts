import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { questionsByRelation, sampleQuery, tallyQuery } from '../../accounts/decisions/tally.ts'
import type { Relation } from '../../accounts/relations.ts'
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
}

const SAMPLES = 3

/** Counts every decision, and finds what an administrator must know: one pass over each relation. */
export const auditSource = async ({ relations, rules, decisions, readers }: AuditOptions): Promise<Audit> => {
  const questions = auditQuestions(relations, rules)
  const counted = await Promise.all(
    questionsByRelation(questions).map(async ({ relation, questions: asked }, index) => {
      const reader = pick(readers, index)
      const rows = await run(reader, tallyQuery(decisions, relation, asked))
      return {
        relation,
        count: relationCount(relation, rows),
        answers: asked.map(({ name }, position) => ({
          name,
          count: rows.reduce((sum, { answers }) => sum + (answers[position] ?? 0), 0),
        })),
      }
    }),
  )
  const answers = new Map(counted.flatMap((one) => one.answers.map(({ name, count }) => [name, count] as const)))
  const [first] = readers
  const findings = first === undefined ? [] : await findAll(first, decisions, questions, answers, counted)
  return { relations: counted.map(({ count }) => count), findings }
}

const pick = (readers: readonly Client[], index: number): Client => {
  const reader = readers[index % readers.length]
  if (reader === undefined) throw new TypeError('an audit needs a reader')
  return reader
}

const findAll = async (
  reader: Client,
  decisions: RawBuilder<unknown>,
  questions: readonly AuditQuestion[],
  answers: ReadonlyMap<string, number>,
  counted: readonly { readonly relation: Relation; readonly count: RelationCount }[],
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for (const question of questions) {
    const count = answers.get(question.name) ?? 0
    if (count === 0) continue
    const samples = await run(reader, sampleQuery(decisions, question, SAMPLES))
    findings.push(toFinding(question, count, samples))
  }
  for (const one of REASON_FINDINGS) {
    const withReason = counted.flatMap(({ relation, count: { left } }) =>
      left.filter(({ reason }) => one.reasons.some((code) => code === reason)).map(({ count }) => ({ relation, count })),
    )
    const [largest] = withReason.toSorted((a, b) => b.count - a.count)
    if (largest === undefined) continue
    const where = sql`reason IN (${sql.join(one.reasons.map((reason) => sql.lit(reason)))})`
    const samples = await run(reader, sampleQuery(decisions, { name: one.code, relation: largest.relation, where }, SAMPLES))
    findings.push(
      toFinding(
        one,
        withReason.reduce((sum, { count }) => sum + count, 0),
        samples,
      ),
    )
  }
  return findings
}

const toFinding = (
  { code, say }: Pick<AuditQuestion, 'code' | 'say'>,
  count: number,
  samples: readonly { readonly mxid: string }[],
): Finding =>
  finding(code, {
    message: say(count.toLocaleString('en-US')),
    count,
    samples: samples.map(({ mxid }) => mxid),
    remedy: [FINDINGS[code].remedy],
  })
