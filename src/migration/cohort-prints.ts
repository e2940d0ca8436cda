import { sql } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../accounts/decisions/decisions.ts'
import { ownerHash } from '../difference/owner.ts'
import { run } from '../postgres/statement.ts'
import type { Relations } from '../synapse/relations.ts'
import { scopeRelations } from '../synapse/scope.ts'
import type { AccountPrints, SqlRoad } from '../targets/sql-road.ts'
import { accountPrints } from './account-prints.ts'
import type { Prepared } from './prepare.ts'

/** More accounts than these are not looked up one by one: reading all tables once is no slower by then. */
const NARROW = 50_000

/**
 * The prints of at least the accounts of a cohort: of these alone where that is less work, for what is read of a large
 * homeserver once per cohort adds up.
 * @param cohort absent: of everybody.
 */
export const printsOf = async (
  { readers, decisions: decided, source }: Pick<Prepared, 'readers' | 'source' | 'decisions'>,
  road: SqlRoad,
  cohort: string | undefined,
): Promise<AccountPrints> => {
  const { relations, rules } = source
  const whole = (): AccountPrints => accountPrints({ relations, decisions: decided, rules, readers })
  if (cohort === undefined || road.cohortOwners === undefined) return whole()
  const { are, owners } = await road.cohortOwners(cohort)
  const [reader] = readers
  if (are === 'others' || owners.length > NARROW || reader === undefined) return whole()
  const accounts = await namesOf(reader, relations, owners)
  const scoped = await scopeRelations({ relations, rules, readers, accounts })
  return accountPrints({ relations: scoped, decisions: decisions(scoped, rules), rules, readers })
}

const namesOf = async (reader: Client, { users }: Relations, owners: readonly string[]): Promise<readonly string[]> => {
  const rows = await run<{ name: string }>(
    reader,
    sql`SELECT name FROM ${users} x WHERE ${ownerHash(sql`name`)} IN (SELECT unnest(${owners}::bigint[]))`,
  )
  return rows.map(({ name }) => name)
}
