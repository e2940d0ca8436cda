import type { ReasonCode } from '../../accounts/reasons.ts'
import { counted } from '../../report/counted.ts'
import type { FindingCode } from '../../report/findings/catalogue.ts'

/**
 * Reasons that an administrator must know about when rows have them; those of a kind are one finding. The reasons not
 * named here are no news: what belongs to an account that is held back, cross-signing keys, or what another finding
 * already tells (guests, providers).
 */
export const REASON_FINDINGS: readonly {
  readonly code: FindingCode
  readonly reasons: readonly ReasonCode[]
  readonly say: (count: number) => string
}[] = [
  {
    code: 'FOREIGN_ACCOUNTS',
    reasons: ['foreign_server_name'],
    say: (count) =>
      `${counted(count, 'account belongs to another server name and is', 'accounts belong to other server names and are')} held back`,
  },
  {
    code: 'MALFORMED_ACCOUNTS',
    reasons: ['malformed_mxid', 'localpart_with_colon'],
    say: (count) =>
      `${counted(count, 'account has a name that is no Matrix id and is', 'accounts have a name that is no Matrix id and are')} held back`,
  },
  {
    code: 'APPSERVICE_USERS',
    reasons: ['appservice_user', 'ghost_namespace'],
    say: (count) =>
      `${counted(count, 'user of an application service is', 'users of application services are')} held back`,
  },
  {
    code: 'TOKENS_NOT_ACCEPTED',
    reasons: ['token_not_accepted'],
    say: (count) =>
      `${counted(count, 'token has a format that MAS refuses and is', 'tokens have a format that MAS refuses and are')} left`,
  },
  {
    code: 'TOKENS_OF_NO_DEVICE',
    reasons: ['device_gone', 'device_hidden'],
    say: (count) => `${counted(count, 'token belongs to no device and is', 'tokens belong to no device and are')} left`,
  },
  {
    code: 'TOKEN_PAIRS_MIXED',
    reasons: ['refresh_token_mismatch'],
    say: (count) =>
      `${counted(count, 'token is paired with a token of another device and is', 'tokens are paired with a token of another device and are')} left`,
  },
  {
    code: 'PUPPET_TOKENS',
    reasons: ['puppet_token'],
    say: (count) =>
      `${counted(count, 'token of an administrator for another user is', 'tokens of administrators for other users are')} left`,
  },
  {
    code: 'SESSIONS_ENDED',
    reasons: ['refresh_token_expired', 'superseded'],
    say: (count) =>
      `${counted(count, 'token belongs to a session that Synapse has ended and is', 'tokens belong to sessions that Synapse has ended and are')} left`,
  },
  {
    code: 'EMAIL_OLD',
    reasons: ['email_old'],
    say: (count) =>
      `${counted(count, 'address', 'addresses')} of the medium email_old ${count === 1 ? 'is' : 'are'} left`,
  },
  {
    code: 'VALUES_TOO_LONG',
    reasons: ['too_long_for_index'],
    say: (count) =>
      `${counted(count, 'identity or address is too long for an index and is', 'identities or addresses are too long for an index and are')} left`,
  },
  {
    code: 'DUPLICATE_SUBJECTS',
    reasons: ['duplicate_subject'],
    say: (count) =>
      `${counted(count, 'SSO identity shares its subject with another one and is', 'SSO identities share their subject with another one and are')} left`,
  },
  {
    code: 'ORPHANS',
    reasons: ['orphan'],
    say: (count) =>
      `${counted(count, 'row belongs to an account that does', 'rows belong to accounts that do')} not exist`,
  },
]
