import { v5 } from 'uuid'

/** Never to change: every user_id of every connection follows from it. */
const SYN2OP = '25944d2b-2ebb-42de-9ac4-6240a1a1488c'

/** Of a database connection. */
const STRATEGY = 'auth0|'

/** The user_id of an account's user, which is the `sub` of its tokens: known before the import, and the same in every run. */
export const userIdOf = (connection: string, mxid: string): string =>
  `${STRATEGY}${v5(`${connection}\n${mxid}`, SYN2OP).replaceAll('-', '')}`

/** Whether somebody is of a database connection, and no identity of another. */
export const isDatabaseId = (userId: string): boolean => userId.startsWith(STRATEGY)

/** The same as an import wants it: Auth0 puts the strategy before it. */
export const importIdOf = (userId: string): string => userId.slice(STRATEGY.length)

/** The other way round. */
export const userIdOfImport = (importId: string): string => `${STRATEGY}${importId}`
