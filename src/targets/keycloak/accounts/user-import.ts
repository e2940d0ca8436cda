import type { Link, PasswordCredential, UserImport } from '../api/user.ts'
import { addressAttributes } from './address-attributes.ts'
import { firstMarks } from './first-marks.ts'
import { encodeMarks } from './marks.ts'
import { type AttributeNames, MARKS } from './user-rules.ts'
import type { WantedUser } from './wanted-user.ts'

/** Who writes, and when. */
export interface Writer {
  readonly serverName: string
  readonly runId: string
  /** Milliseconds since 1970, of every password that is written: a policy that lets passwords grow old counts from there. */
  readonly passwordDate: number
  readonly attributes: AttributeNames
}

/** The whole of a user that is not there yet. */
export const toUserImport = (wanted: WantedUser, writer: Writer & { readonly defaultRole: string }): UserImport => {
  const { email, firstName, lastName, passwordHash } = wanted
  return {
    id: wanted.id,
    username: wanted.username,
    ...(email === undefined ? {} : { email }),
    emailVerified: email !== undefined,
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    enabled: wanted.enabled,
    createdTimestamp: wanted.createdTimestamp,
    attributes: {
      ...wanted.attributes,
      ...addressAttributes(wanted.threepids, writer.attributes),
      [MARKS.server]: [writer.serverName],
      [MARKS.run]: [writer.runId],
      [MARKS.written]: encodeMarks(firstMarks(wanted, writer)),
    },
    credentials: passwordHash === undefined ? [] : [toCredential(passwordHash, writer.passwordDate)],
    federatedIdentities: wanted.links.map(toFederatedIdentity),
    realmRoles: [...new Set([writer.defaultRole, ...wanted.roles])],
    groups: wanted.groups,
    requiredActions: wanted.requiredActions,
  }
}

/** @param date milliseconds since 1970 */
export const toCredential = (hash: string, date: number): PasswordCredential => ({
  type: 'password',
  createdDate: date,
  secretData: JSON.stringify({ value: hash, additionalParameters: {} }),
  credentialData: JSON.stringify({
    hashIterations: costOf(hash),
    algorithm: 'synapse-bcrypt',
    additionalParameters: {},
  }),
})

/** Of bcrypt, as in `$2b$12$…`. */
const costOf = (hash: string): number => Number(/^\$2[abxy]?\$(\d{2})\$/u.exec(hash)?.[1] ?? 0)

/** Keycloak wants a name for people too. */
const toFederatedIdentity = ({ alias, subject }: Link): UserImport['federatedIdentities'][number] => ({
  identityProvider: alias,
  userId: subject,
  userName: subject,
})
