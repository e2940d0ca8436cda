import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { Account } from '../../accounts/account.ts'
import { decisions } from '../../accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { readAccounts } from '../../accounts/read-accounts.ts'
import type { ReasonCode } from '../../accounts/reasons.ts'
import { run } from '../../postgres/statement.ts'
import type { Relations } from '../../synapse/relations.ts'
import { scopeRelations } from '../../synapse/scope.ts'
import type { AccountDecision, Batch } from '../../targets/batch.ts'

export interface DecidableSource {
  readonly relations: Relations
  readonly rules: DecisionRules
}

/** A batch, and its accounts for redaction: whatever the target says of them must hold nothing secret of theirs. */
export interface ReadBatch {
  readonly batch: Batch
  readonly accounts: readonly Account[]
}

/**
 * Reads the accounts of a batch as they are now, in one short transaction, and decides about them again: what was
 * decided when the run began may be hours old.
 */
export const readBatch = async (
  reader: Client,
  { relations, rules }: DecidableSource,
  { ordinal, names }: { readonly ordinal: number; readonly names: readonly string[] },
): Promise<ReadBatch> => {
  await run(reader, sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
  try {
    const scoped = decisions(await scopeRelations({ relations, rules, readers: [reader], accounts: names }), rules)
    const reasons = new Map((await run(reader, reasonsQuery(scoped))).map(({ mxid, reason }) => [mxid, reason]))
    const accounts = await readAccounts(reader, scoped)
    return {
      accounts,
      batch: {
        ordinal,
        accounts: names.map((mxid) => decisionOf(mxid, reasons.get(mxid))),
        read: async () => accounts,
      },
    }
  } finally {
    await run(reader, sql`ROLLBACK`)
  }
}

const reasonsQuery = (scoped: RawBuilder<unknown>): RawBuilder<{ mxid: string; reason: ReasonCode | null }> =>
  sql`WITH ${scoped} SELECT mxid, reason FROM account`

/** @param reason NULL: it migrates; undefined: the source does not have it. */
const decisionOf = (mxid: string, reason: ReasonCode | null | undefined): AccountDecision => {
  if (reason === undefined) return { mxid, decision: 'gone' }
  return reason === null ? { mxid, decision: 'migrate' } : { mxid, decision: 'hold back', reason }
}
