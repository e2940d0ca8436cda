import type { PresentUser } from '../api/user.ts'

/** The strategy of database connections. */
export const DATABASE = 'auth0'

/**
 * Whom SCIM has made is the primary of the database user who is linked to them: that one, with what they have in common, and with the
 * names of their own. Everybody else as they are.
 * @param connection the name of the database connection
 */
export const asDatabaseUser = (user: PresentUser, connection: string): PresentUser => {
  const [first, ...others] = user.identities
  if (first?.provider === DATABASE) return user
  const own = others.find((identity) => identity.provider === DATABASE && identity.connection === connection)
  if (own?.profile === undefined) return user
  const { username: _, email: __, phoneNumber: ___, ...common } = user
  return { ...common, ...own.profile, id: `${DATABASE}|${own.userId}`, primaryId: user.id }
}
