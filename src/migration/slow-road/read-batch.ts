import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { Account } from '../../accounts/account.ts'
import { decisions } from '../../accounts/decisions/decisions.ts'
import type { DecisionRules, NamelessAccount } from '../../accounts/decisions/rules.ts'
import { readAccounts } from '../../accounts/read-accounts.ts'
import type { ReasonCode } from '../../accounts/reasons.ts'
import { run } from '../../postgres/statement.ts'
import type { Relations } from '../../synapse/relations.ts'
import { scopeRelations } from '../../synapse/scope.ts'
import type { AccountDecision, Batch } from '../../targets/batch.ts'
import { type Naming, readDisplayNames } from '../naming.ts'

export interface DecidableSource {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** Absent: the target follows no rules about names. */
  readonly naming?: Naming
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
export const readBatch = async (reader: Client, source: DecidableSource, part: BatchPart): Promise<ReadBatch> => {
  await run(reader, sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
  try {
    return await readBatchWithin(reader, source, part)
  } finally {
    await run(reader, sql`ROLLBACK`)
  }
}

interface BatchPart {
  readonly ordinal: number
  readonly names: readonly string[]
}

/** As `readBatch`, in the transaction that the reader stands in. */
export const readBatchWithin = async (
  reader: Client,
  { relations, rules, naming }: DecidableSource,
  { ordinal, names }: BatchPart,
): Promise<ReadBatch> => {
  const scope = await scopeRelations({ relations, rules, readers: [reader], accounts: names })
  // Whether their twins migrate counts too.
  const scoped = decisions(scope, rulesOf(rules, scope.beyond?.twins.mxids))
  const reasons = new Map((await run(reader, reasonsQuery(scoped))).map(({ mxid, reason }) => [mxid, reason]))
  const { accounts, unsettled } = await shaped(reader, await readAccounts(reader, scoped, rules.leaves), {
    relations,
    naming,
  })
  return {
    accounts,
    batch: {
      ordinal,
      accounts: names.map((mxid) => decisionOf(mxid, unsettled.has(mxid) ? 'username_not_settled' : reasons.get(mxid))),
      read: async () => accounts,
    },
  }
}

/** Who has no username may be half a million, and would be a literal in the statements of every batch. */
const rulesOf = ({ nameless, ...rules }: DecisionRules, names: readonly string[] | undefined): DecisionRules => {
  if (nameless === undefined) return rules
  if (names === undefined) return { ...rules, nameless }
  const known = byName(nameless)
  return { ...rules, nameless: names.flatMap((mxid) => known.get(mxid) ?? []) }
}

type ByName = ReadonlyMap<string, NamelessAccount>

/** Made once for all batches of a run. */
const madeByName = new WeakMap<readonly NamelessAccount[], ByName>()

const byName = (nameless: readonly NamelessAccount[]): ByName => {
  const made = madeByName.get(nameless) ?? new Map(nameless.map((one) => [one.mxid, one]))
  madeByName.set(nameless, made)
  return made
}

interface ShapedAccounts {
  readonly accounts: readonly Account[]
  /** Who migrates only since usernames were settled. */
  readonly unsettled: ReadonlySet<string>
}

const shaped = async (
  reader: Client,
  accounts: readonly Account[],
  { relations, naming }: Pick<DecidableSource, 'relations'> & { readonly naming: Naming | undefined },
): Promise<ShapedAccounts> => {
  if (naming === undefined) return { accounts, unsettled: new Set() }
  const localparts = accounts.map(({ localpart }) => localpart)
  const displayNames = naming.asksDisplayNames ? await readDisplayNames(reader, relations, localparts) : undefined
  const unsettled = new Set<string>()
  const named = accounts.flatMap((account) => {
    const one = naming.shape(account, displayNames?.get(account.localpart))
    if (one === undefined) unsettled.add(account.mxid)
    return one === undefined ? [] : [one]
  })
  return { accounts: named, unsettled }
}

const reasonsQuery = (scoped: RawBuilder<unknown>): RawBuilder<{ mxid: string; reason: ReasonCode | null }> =>
  sql`WITH ${scoped} SELECT mxid, reason FROM account`

/** @param reason NULL: it migrates; undefined: the source does not have it. */
const decisionOf = (mxid: string, reason: ReasonCode | null | undefined): AccountDecision => {
  if (reason === undefined) return { mxid, decision: 'gone' }
  return reason === null ? { mxid, decision: 'migrate' } : { mxid, decision: 'hold back', reason }
}
