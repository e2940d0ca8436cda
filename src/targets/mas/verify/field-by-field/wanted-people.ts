import type { PlainAccounts, PlainRow } from '../../../../accounts/plain-accounts.ts'
import type { EmailRules } from '../../../../mapping/mapping.ts'
import { type FieldRow, keyOf, nameOf } from './field-row.ts'
import type { SourceIndex } from './source-index.ts'
import { isoOf, moment, numberOf, textOf } from './values.ts'
import type { WantedAccount } from './wanted-accounts.ts'

/** The rows of `users`, `user_passwords`, `user_emails` and `user_unsupported_third_party_ids` of an account. */
export const wantedPerson = (
  account: WantedAccount,
  index: SourceIndex,
  { passwordVersion, emails }: { readonly passwordVersion: number; readonly emails: EmailRules | undefined },
): readonly FieldRow[] => {
  const { mxid } = account
  const created = isoOf(account.createdMs)
  return [
    {
      table: 'users',
      key: keyOf(mxid),
      name: mxid,
      fields: {
        created_at: created,
        locked_at: account.isLocked ? created : null,
        can_request_admin: account.isAdmin,
        is_guest: account.isGuest,
        deactivated_at: account.isDeactivated ? created : null,
      },
    },
    ...(account.passwordHash === null
      ? []
      : [
          {
            table: 'user_passwords' as const,
            key: keyOf(mxid),
            name: mxid,
            fields: {
              hashed_password: account.passwordHash,
              created_at: created,
              version: passwordVersion,
              upgraded_from_id: null,
            },
          },
        ]),
    ...withoutOthers(index.of('user_threepids', mxid), emails).flatMap((row) => wantedThreepid(mxid, row)),
  ]
}

/** Without the addresses that the mapping leaves since another one is the primary one. */
const withoutOthers = (rows: readonly PlainRow[], emails: EmailRules | undefined): readonly PlainRow[] => {
  if (emails?.others !== 'leave') return rows
  const isEmail = (row: PlainRow): boolean =>
    textOf(row, 'medium') === 'email' && !isTooLong(textOf(row, 'address') ?? '', row)
  const [primary] = rows.filter(isEmail).toSorted((a, b) => {
    const [rankA, rankB] = [rankOf(a, emails), rankOf(b, emails)]
    const times = (moment(numberOf(a, 'added_at')) ?? 0) - (moment(numberOf(b, 'added_at')) ?? 0)
    const addresses = [a, b].map((row) => Buffer.from(textOf(row, 'address') ?? '')) as [Buffer, Buffer]
    return rankA - rankB || (emails.primary === 'newest' ? -times : times) || Buffer.compare(...addresses)
  })
  const kept = emails.primary === 'none' ? undefined : primary
  return rows.filter((row) => !isEmail(row) || row === kept)
}

const rankOf = (row: PlainRow, { preferDomains }: EmailRules): number => {
  const domain =
    (textOf(row, 'address') ?? '')
      .replaceAll(/^ +| +$/gu, '')
      .split('@')
      .at(-1) ?? ''
  const rank = preferDomains.indexOf(domain.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase()))
  return rank === -1 ? preferDomains.length : rank
}

const wantedThreepid = (mxid: string, row: PlainRow): readonly FieldRow[] => {
  const [medium, address] = [textOf(row, 'medium'), textOf(row, 'address') ?? '']
  if (medium === 'email_old' || isTooLong(address, row)) return []
  const fields = { created_at: isoOf(moment(numberOf(row, 'added_at'))) }
  return [
    medium === 'email'
      ? { table: 'user_emails', key: keyOf(mxid, address), name: nameOf(mxid, address), fields }
      : {
          table: 'user_unsupported_third_party_ids',
          key: keyOf(mxid, medium, address),
          name: nameOf(mxid, medium, address),
          fields,
        },
  ]
}

/** What an index of PostgreSQL takes, less what other columns of it need; both as text and as it is stored. */
const INDEXED_BYTES = 2600

const isTooLong = (text: string, row: PlainRow): boolean =>
  Buffer.byteLength(text) > INDEXED_BYTES && (numberOf(row, 'stored_size') ?? 0) > INDEXED_BYTES

/** The rows of `upstream_oauth_links`, of all the accounts together: of one subject known twice, one is carried. */
export const wantedLinks = (
  { tables, rules, mxids }: PlainAccounts,
  accounts: ReadonlyMap<string, WantedAccount>,
): readonly FieldRow[] => {
  const candidates = tables.user_external_ids
    .flatMap((row) => {
      const account = accounts.get(textOf(row, 'user_id') ?? '')
      const subject = textOf(row, 'external_id') ?? ''
      const rank = rules.providers.findIndex(({ authProvider }) => authProvider === textOf(row, 'auth_provider'))
      const target = rules.providers[rank]?.target ?? 'leave'
      const isLeft = textOf(row, 'auth_provider') === 'oauth-delegated' || target === 'leave' || isTooLong(subject, row)
      return account === undefined || isLeft ? [] : [{ account, subject, rank, provider: target.id }]
    })
    .toSorted((a, b) => a.rank - b.rank || Buffer.compare(Buffer.from(a.account.mxid), Buffer.from(b.account.mxid)))
  const taken = new Set<string>()
  return candidates.flatMap(({ account, subject, provider }) => {
    const key = keyOf(provider, subject)
    if (taken.has(key)) return []
    taken.add(key)
    if (!mxids.includes(account.mxid)) return []
    return [
      {
        table: 'upstream_oauth_links',
        key,
        name: nameOf(account.mxid, subject),
        fields: { mxid: account.mxid, created_at: isoOf(account.createdMs), human_account_name: null },
      },
    ]
  })
}
