import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import { type TallyRow, tallyQuery } from '../../accounts/decisions/tally.ts'
import { RELATIONS, type Relation } from '../../accounts/relations.ts'
import type { GroupRow } from '../../findings/counting.ts'
import type { Finding } from '../../findings/finding.ts'
import { run } from '../../postgres/statement.ts'
import type { RelationCount } from '../../report/documents.ts'
import { relationCount } from '../../report/relation-counts.ts'
import { type CountedCode, countedBy, countedCodes } from './counted-codes.ts'
import { askedOf, foundByQuery, foundByReasons, foundByRows, type Tallies, toFinding } from './found.ts'
import { auditSubject, type SubjectOptions } from './subject.ts'
import { tablesNotCounted } from './tables-not-counted.ts'

export interface Audit {
  readonly relations: readonly RelationCount[]
  readonly findings: readonly Finding[]
}

export interface AuditOptions extends SubjectOptions {
  /** The name of the target: what matters only to others is not asked. */
  readonly target: string
  /** Connections within one snapshot; the statements are shared out to them. */
  readonly readers: readonly [Client, ...Client[]]
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

/**
 * Counts every decision, and finds what an administrator must know: one pass over each relation, and a query for each
 * finding that has one of its own.
 */
export const auditSource = async ({ target, readers, ...options }: AuditOptions): Promise<Audit> => {
  const codes = countedCodes(target).filter(({ code }) => !isOthers(code, options.rules))
  const subject = await auditSubject(readers[0], options)
  const tallies = new Map<Relation, readonly TallyRow[]>()
  const groups = new Map<string, readonly GroupRow[]>()
  const statements = [
    ...LONGEST_FIRST.map((relation) => async (reader: Client) => {
      const questions = askedOf(codes, relation, subject)
      tallies.set(relation, await run(reader, tallyQuery(subject.decisions, relation, questions, subject.isCounted)))
    }),
    ...countedBy(codes, 'query').flatMap(({ code, way }) => {
      const query: RawBuilder<GroupRow> | undefined = way.query(subject)
      if (query === undefined) return []
      return [async (reader: Client) => void groups.set(code, await run(reader, query))]
    }),
  ]
  await Promise.all(
    readers.map(async (reader) => {
      for (let statement = statements.shift(); statement !== undefined; statement = statements.shift()) {
        await statement(reader)
      }
    }),
  )
  return {
    relations: RELATIONS.map((relation) => relationCount(relation, tallies.get(relation) ?? [])),
    findings: [
      ...codes.flatMap((one) =>
        toFinding(one, found(one, { codes, tallies, groups, rules: options.rules }), options.rules),
      ),
      ...tablesNotCounted(codes, { ...options, role: readers[0].user ?? '' }),
    ],
  }
}

/** Who has a way in is told where people log in. */
const isOthers = (code: string, { leaves }: AuditOptions['rules']): boolean =>
  code === 'ACCOUNTS_WITHOUT_LOGIN' && leaves?.password === 'moves_to_other_target'

interface Counted {
  readonly codes: readonly CountedCode[]
  readonly tallies: Tallies
  readonly groups: ReadonlyMap<string, readonly GroupRow[]>
  readonly rules: AuditOptions['rules']
}

const found = ({ code, way }: CountedCode, { codes, tallies, groups, rules }: Counted) => {
  if (way.by === 'rows') return foundByRows(codes, code, tallies)
  if (way.by === 'reasons') return foundByReasons(way.reasons, tallies, rules)
  return foundByQuery(groups.get(code) ?? [])
}
