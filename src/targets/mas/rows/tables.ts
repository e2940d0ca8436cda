import type { TableShape } from '../../../difference/table-shape.ts'
import type { MasRowsContext } from './context.ts'
import { compatAccessTokens, compatRefreshTokens, compatSessions } from './session-rows.ts'
import { unsupportedThreepids, upstreamLinks, userEmails, userPasswords, users } from './user-rows.ts'

/** Every table as it should be, owners before what they own, in the order of `MAS_WRITTEN_TABLES`. */
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
