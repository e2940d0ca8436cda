import type { TableShape } from '../../../difference/table-shape.ts'
import type { MasRowsContext } from './context.ts'
import { compatAccessTokens, compatRefreshTokens, compatSessions } from './session-rows.ts'
import { unsupportedThreepids, upstreamLinks, userEmails, userPasswords, users } from './user-rows.ts'

/** The names of MAS's tables that hold what people bring along, owners before what they own. */
export const MAS_TABLES = [
  'users',
  'user_passwords',
  'user_emails',
  'user_unsupported_third_party_ids',
  'upstream_oauth_links',
  'compat_sessions',
  'compat_access_tokens',
  'compat_refresh_tokens',
] as const

/** Every table as it should be, in the order of `MAS_TABLES`. */
export const masTables = (context: MasRowsContext): readonly TableShape[] => [
  users(context),
  userPasswords(context),
  userEmails(context),
  unsupportedThreepids(context),
  upstreamLinks(context),
  compatSessions(context),
  compatAccessTokens(context),
  compatRefreshTokens(context),
]
