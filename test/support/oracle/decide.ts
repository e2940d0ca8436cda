import type { Relation } from '../../../src/accounts/relations.ts'
import type { SourceRecord } from '../expected-rows/source-record.ts'
import { decideAccounts, type OracleAccount } from './accounts.ts'
import { type Decided, type DecidedIdentity, decideIdentities, decideThreepids } from './identities.ts'
import type { OracleRules } from './rules.ts'
import { indexSource } from './source.ts'
import {
  type DecidedRefreshToken,
  type DecidedSession,
  type DecidedToken,
  decideAccessTokens,
  decideRefreshTokens,
  decideSessions,
} from './tokens.ts'

/** Every row of a source with its decision. */
export interface DecidedSource {
  readonly accounts: readonly OracleAccount[]
  readonly threepids: readonly Decided[]
  readonly identities: readonly DecidedIdentity[]
  readonly sessions: readonly DecidedSession[]
  readonly accessTokens: readonly DecidedToken[]
  readonly refreshTokens: readonly DecidedRefreshToken[]
}

/**
 * What must become of every row of a source: computed row by row in memory from the rules as the reference tells them,
 * with nothing of the program's SQL, so that the two can be held against each other.
 */
export const decide = (record: SourceRecord, rules: OracleRules): DecidedSource => {
  const source = indexSource(record)
  const accounts = decideAccounts(source, rules)
  const byName = new Map(
    accounts.flatMap((account) => (account.mxid === null ? [] : [[account.mxid, account] as const])),
  )
  return {
    accounts,
    threepids: decideThreepids(source, byName, rules),
    identities: decideIdentities(source, byName, rules),
    sessions: decideSessions(source, byName),
    accessTokens: decideAccessTokens(source, byName, rules.asOf),
    refreshTokens: decideRefreshTokens(source, byName, rules.asOf),
  }
}

interface Fate {
  readonly reason: string | null
}

const counted = (rows: readonly Fate[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { reason } of rows) counts[reason ?? 'carry'] = (counts[reason ?? 'carry'] ?? 0) + 1
  return counts
}

/** Per relation: how many rows are carried (under `carry`), and left for which reason. */
export const countsOf = (decided: DecidedSource): Readonly<Record<Relation, Readonly<Record<string, number>>>> => ({
  account: counted(decided.accounts),
  password: counted(
    decided.accounts
      .filter(({ password }) => password !== null)
      .map(({ reason }) => ({ reason: reason === null ? null : 'account_held_back' })),
  ),
  threepid: counted(decided.threepids),
  external_id: counted(decided.identities),
  session: counted(decided.sessions),
  access_token: counted(decided.accessTokens),
  refresh_token: counted(decided.refreshTokens),
})
