import { deflateRawSync } from 'node:zlib'
import type { ReasonCode } from '../../../src/accounts/reasons.ts'
import type { EmailRules } from '../../../src/mapping/mapping.ts'
import type { SourceRow } from '../expected-rows/source-record.ts'
import type { OracleAccount } from './accounts.ts'
import { type OracleRules, type ProviderFate, providerFates } from './rules.ts'
import { type IndexedSource, joined, milliseconds, text } from './source.ts'

export type Accounts = ReadonlyMap<string, OracleAccount>

/** A source row with its decision; `reason` null: it is carried. */
export interface Decided {
  readonly row: SourceRow
  readonly account: OracleAccount | undefined
  readonly reason: ReasonCode | null
}

export const ownerReason = (account: OracleAccount | undefined): ReasonCode | null => {
  if (account === undefined) return 'orphan'
  return account.reason === null ? null : 'account_held_back'
}

/**
 * An index holds values of about 2,600 bytes, compressed ones of more. Texts here are either of few characters again and
 * again or incompressible to PostgreSQL, so a coarse measure tells them apart.
 */
const isTooLong = (value: string): boolean =>
  Buffer.byteLength(value) > 2600 && deflateRawSync(value).length > value.length / 2

export const decideThreepids = (
  { tables }: IndexedSource,
  accounts: Accounts,
  { mapping: { emails } }: OracleRules,
): readonly Decided[] => {
  const decided = tables.user_threepids.map((row): Decided => {
    const account = accounts.get(String(row['user_id']))
    const own =
      row['medium'] === 'email_old' ? 'email_old' : isTooLong(String(row['address'])) ? 'too_long_for_index' : null
    return { row, account, reason: ownerReason(account) ?? own }
  })
  if (emails?.others !== 'leave') return decided
  const mayBePrimary = decided.filter(({ row, reason }) => row['medium'] === 'email' && reason === null)
  return decided.map((one) =>
    mayBePrimary.includes(one) &&
    (emails.primary === 'none' || mayBePrimary.some((other) => comesBefore(other.row, one.row, emails)))
      ? { ...one, reason: 'email_not_primary' }
      : one,
  )
}

/** Whether an address of the same account is the primary one rather than this: by domain, then by age, then by name. */
const comesBefore = (one: SourceRow, other: SourceRow, { primary, preferDomains }: EmailRules): boolean => {
  if (one === other || one['user_id'] !== other['user_id']) return false
  const preference = (row: SourceRow): number => {
    const place = preferDomains.findIndex((domain) => String(row['address']).toLowerCase().endsWith(`@${domain}`))
    return place < 0 ? preferDomains.length : place
  }
  if (preference(one) !== preference(other)) return preference(one) < preference(other)
  const age = (milliseconds(other, 'added_at') ?? 0) - (milliseconds(one, 'added_at') ?? 0)
  if (age !== 0) return primary === 'newest' ? age < 0 : age > 0
  return Buffer.compare(Buffer.from(String(one['address'])), Buffer.from(String(other['address']))) < 0
}

export interface DecidedIdentity extends Decided {
  /** Of the target's provider; undefined where it has none for this identity. */
  readonly provider: string | undefined
}

const identityReason = (row: SourceRow, fate: ProviderFate | undefined): ReasonCode | null => {
  if (row['auth_provider'] === 'oauth-delegated') return 'oauth_delegated'
  if (fate?.to === 'leave') return 'provider_left'
  if (fate === undefined) return 'provider_not_configured'
  return isTooLong(String(row['external_id'])) ? 'too_long_for_index' : null
}

const rankOf = (fate: ProviderFate | undefined): number =>
  fate?.to === 'provider' ? fate.rank : Number.MAX_SAFE_INTEGER

/** Of the identities that would be carried, the first of each subject at a provider is: by rank, then by Matrix id. */
export const decideIdentities = (
  { tables }: IndexedSource,
  accounts: Accounts,
  rules: OracleRules,
): readonly DecidedIdentity[] => {
  const fates = providerFates(rules)
  const fateOf = (row: SourceRow): ProviderFate | undefined => fates.get(String(row['auth_provider']))
  const decided = tables.user_external_ids.map((row): DecidedIdentity => {
    const account = accounts.get(String(row['user_id']))
    const fate = fateOf(row)
    const provider = fate?.to === 'provider' ? fate.uuid : undefined
    return { row, account, provider, reason: ownerReason(account) ?? identityReason(row, fate) }
  })
  const inOrder = decided
    .filter(({ reason }) => reason === null)
    .toSorted(
      (a, b) =>
        rankOf(fateOf(a.row)) - rankOf(fateOf(b.row)) ||
        Buffer.compare(Buffer.from(String(a.row['user_id'])), Buffer.from(String(b.row['user_id']))),
    )
  const first = new Map<string, DecidedIdentity>()
  for (const one of inOrder) {
    const subject = joined(one.provider ?? null, text(one.row, 'external_id'))
    if (!first.has(subject)) first.set(subject, one)
  }
  const carried = new Set(first.values())
  return decided.map((one) =>
    one.reason === null && !carried.has(one) ? { ...one, reason: 'duplicate_subject' } : one,
  )
}
