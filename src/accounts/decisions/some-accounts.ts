import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { decidedAccount } from './account.ts'
import type { DecisionRules } from './rules.ts'
import { decidedAccessToken } from './token.ts'

/** Statements begin with these named queries, which decide about few rows without a pass over all of them. */
export interface SomeRows {
  /** Which accounts, over a row `x` of users. */
  readonly users: RawBuilder<unknown>
  /** Which access tokens, over a row `x` of theirs. */
  readonly tokens: RawBuilder<unknown>
}

/**
 * The decision about some accounts and access tokens: exactly what it gives over the whole source.
 * @param relations of the whole source.
 * @returns the list of named queries that follows WITH: account, access_token.
 */
export const someDecisions = (
  relations: Relations,
  rules: DecisionRules,
  { users, tokens }: SomeRows,
): RawBuilder<unknown> => {
  const some: Relations = {
    ...relations,
    users: restricted(relations.users, users),
    accessTokens: restricted(relations.accessTokens, tokens),
  }
  // A token is judged by others that may be another account's.
  const beyond = {
    whole: relations,
    linked: relations,
    twins: relations,
    accounts: sql`SELECT x.name FROM ${some.users} x`,
  }
  return sql`
    account AS NOT MATERIALIZED (${decidedAccount({ ...some, beyond }, rules)} OFFSET 0),
    access_token AS NOT MATERIALIZED (${decidedAccessToken({ ...some, beyond }, rules, 'all')})
  `
}

const restricted = (relation: RawBuilder<unknown>, condition: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(SELECT x.* FROM ${relation} x WHERE ${condition})`
