import { randomBytes } from 'node:crypto'
import type { FieldComparison } from '../report/proof-parts.ts'
import { ghostsAmong, readPlainAccounts, sampleAccounts } from './plain-accounts.ts'
import type { Prepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'

export interface Sample {
  /** How many accounts, at most as many as there are. */
  readonly accounts: number
  /** Chooses the same accounts again; absent: others every time. */
  readonly seed?: string
}

/** How many accounts are in memory at a time. */
const AT_ONCE = 500

/** How many differences a document shows. */
const SHOWN = 200

/**
 * Compares each field of every row of some accounts that are chosen at random.
 * @param without owners whose accounts are not chosen.
 * @returns undefined where nobody asks for a sample, or the target has no such comparison.
 */
export const sampleFields = async (
  { sample, progress, signal }: Pick<MigrationRequest, 'progress' | 'signal'> & { readonly sample?: Sample },
  { target, readers, source: { rules } }: Pick<Prepared, 'target' | 'readers' | 'source'>,
  without: readonly string[],
): Promise<FieldComparison | undefined> => {
  const [reader] = readers
  const road = target.sql
  if (sample === undefined || reader === undefined || road?.compareFields === undefined) return undefined
  progress.phase('sample')
  const seed = sample.seed ?? randomBytes(8).toString('hex')
  const chosen = await sampleAccounts(reader, { count: sample.accounts, seed, without })
  let sum: FieldComparison = { seed, accounts: 0, rows: 0, fields: 0, differences: [] }
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    signal.throwIfAborted()
    const mxids = chosen.slice(from, from + AT_ONCE)
    const tables = await readPlainAccounts(reader, mxids)
    const names = tables.users.flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
    const ghosts = await ghostsAmong(reader, names, rules.ghosts)
    sum = added(sum, await road.compareFields({ mxids, tables, ghosts, rules }))
    progress.advance('sample', sum.accounts, chosen.length)
  }
  return { ...sum, differences: sum.differences.slice(0, SHOWN) }
}

const added = (sum: FieldComparison, more: Omit<FieldComparison, 'seed'>): FieldComparison => ({
  seed: sum.seed,
  accounts: sum.accounts + more.accounts,
  rows: sum.rows + more.rows,
  fields: sum.fields + more.fields,
  differences: [...sum.differences, ...more.differences],
})
