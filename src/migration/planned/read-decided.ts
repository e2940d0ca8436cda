import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { RowsOf } from '../../accounts/decisions/cohort-tally.ts'
import { ownerHash } from '../../difference/owner.ts'
import { run } from '../../postgres/statement.ts'
import type { DecidedAccounts } from '../../report/plan-parts.ts'
import { rowsOf } from '../membership.ts'
import type { Prepared } from '../prepare.ts'
import type { Groups } from './compare-groups.ts'
import { ownersOfBytes, packOwners, unpackOwners } from './pack-owners.ts'

/** Accounts by the reason of their decision; null: they migrate. */
export type DecidedGroups = Groups<string | null>

/**
 * The decision about every account that has a name, or about those of the cohort that is looked at: one pass, eight bytes an
 * account, sorted by the server.
 */
export const readDecided = async ({
  membership,
  cohort,
  decisions,
  scout,
}: Pick<Prepared, 'membership' | 'cohort' | 'decisions' | 'scout'>): Promise<DecidedGroups> => {
  const isLookedAt = membership === undefined || cohort === undefined ? everybody : await rowsOf(membership, cohort)
  return readGroups(scout, decisions, isLookedAt)
}

const everybody: RowsOf = () => sql`true`

const readGroups = async (
  reader: Client,
  decisions: RawBuilder<unknown>,
  isLookedAt: RowsOf,
): Promise<DecidedGroups> => {
  const rows = await run<{ reason: string | null; owners: Buffer }>(
    reader,
    sql`
      WITH ${decisions}
      SELECT reason, string_agg(int8send(owner), ''::bytea ORDER BY owner) AS owners
      FROM (
        SELECT reason, ${ownerHash(sql`mxid`)} AS owner
        FROM account
        WHERE mxid IS NOT NULL AND ${isLookedAt(sql.id('account', 'mxid'))}
        OFFSET 0
      ) x
      GROUP BY reason
      ORDER BY reason NULLS FIRST
    `,
  )
  return new Map(rows.map(({ reason, owners }) => [reason, ownersOfBytes(owners)]))
}

export const packGroups = (groups: DecidedGroups): DecidedAccounts['accounts'] =>
  [...groups].map(([reason, owners]) => ({ reason, count: owners.length, owners: packOwners(owners) }))

/** @throws Syn2opError plan.unreadable */
export const unpackGroups = (accounts: DecidedAccounts['accounts']): DecidedGroups =>
  new Map(accounts.map((group) => [group.reason, unpackOwners(group)]))
