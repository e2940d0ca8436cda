import type { PresentIdentity, PresentUser } from '../api/user.ts'
import { MARKS } from './marks.ts'

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

/**
 * A user with everybody of the database connection who was linked to them, each as a user of their own. What is noted of the primary is
 * theirs only where SCIM may have made it for them.
 * @param connection the name of the database connection
 */
export const databaseUsers = (user: PresentUser, connection: string): readonly PresentUser[] => {
  const ours = asDatabaseUser(user, connection)
  const [first, ...others] = user.identities
  if (ours !== user && first?.isSocial !== true) return [ours]
  const linked = others.filter((one) => one.provider === DATABASE && one.connection === connection)
  return [user, ...linked.map((one) => linkedAway(user, one))]
}

const linkedAway = (user: PresentUser, { userId, profile }: PresentIdentity): PresentUser => {
  const { username: _, email: __, phoneNumber: ___, appMetadata, ...common } = user
  const { [MARKS]: ____, ...others } = appMetadata
  const known = profile ?? { emailVerified: false, phoneVerified: false, names: {} }
  return { ...common, ...known, appMetadata: others, id: `${DATABASE}|${userId}`, primaryId: user.id }
}
