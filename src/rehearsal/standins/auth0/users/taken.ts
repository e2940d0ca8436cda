import { fieldSettings } from '../connection-settings.ts'
import type { Connection, Tenant, User } from '../tenant.ts'

/** What tells users of a connection apart. */
type Identifiers = Pick<User, 'userId' | 'email' | 'username' | 'phoneNumber'>

/** Whether another has the name, the address or the number of a user, as their own or of somebody linked to them. */
export const isTakenByOthers = (tenant: Tenant, connection: Connection, user: Identifiers): boolean => {
  const { users } = tenant
  const { email, username, phoneNumber } = user
  const holders = [
    email === undefined || fieldSettings(connection).sharesEmails ? undefined : users.byEmail(connection.name, email),
    username === undefined ? undefined : users.byUsername(connection.name, username),
    phoneNumber === undefined ? undefined : users.byPhone(connection.name, phoneNumber),
  ]
  return holders.some((holder) => holder !== undefined && holder.userId !== user.userId)
}

/** The same of a new user, whose id has to be new too. */
export const isTaken = (tenant: Tenant, connection: Connection, user: User): boolean =>
  tenant.users.byId(user.userId) !== undefined ||
  user.identities.some(({ provider, userId }) => tenant.users.byIdentity(provider, userId) !== undefined) ||
  isTakenByOthers(tenant, connection, user)
