import { sql } from 'kysely'
import type { Client } from 'pg'
import { decidedAccount } from '../accounts/decisions/account.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import type { ReasonCode } from '../accounts/reasons.ts'
import { ownerHash } from '../difference/owner.ts'
import { eachPage } from '../postgres/cursor.ts'
import type { Relations } from '../synapse/relations.ts'
import type { AccountDecision } from '../targets/batch.ts'

export interface CandidatesOptions {
  /** Within the source's transaction. */
  readonly reader: Client
  readonly relations: Relations
  readonly rules: DecisionRules
  /** As AccountPrints says them; `all`: every account. */
  readonly owners: readonly string[] | 'all'
  /** How many accounts are told at once. */
  readonly size: number
}

/**
 * The accounts of these owners with their decisions, in the order of their names, a page after the other: only one page
 * is in memory. One at a time for each reader, which may be asked other things in between.
 */
export async function* namesOfOwners(options: CandidatesOptions): AsyncGenerator<readonly AccountDecision[]> {
  const { reader, relations, rules, owners, size } = options
  const users =
    owners === 'all'
      ? relations.users
      : sql`(
          SELECT * FROM ${relations.users} everybody
          WHERE ${ownerHash(sql`name`)} IN (SELECT unnest(${owners}::bigint[]))
        )`
  const query = sql<DecidedAccount>`
    SELECT mxid, reason
    FROM (${decidedAccount({ ...relations, users }, rules)}) account
    WHERE mxid IS NOT NULL
    ORDER BY mxid COLLATE "C"
  `
  for await (const page of eachPage({ client: reader, name: 'syn2op_candidates', query, size })) {
    yield page.map(toDecision)
  }
}

interface DecidedAccount {
  readonly mxid: string
  readonly reason: ReasonCode | null
}

const toDecision = ({ mxid, reason }: DecidedAccount): AccountDecision =>
  reason === null ? { mxid, decision: 'migrate' } : { mxid, decision: 'hold back', reason }
