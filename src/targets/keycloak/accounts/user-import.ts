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

/** What the realm gives to everybody who registers; an import gives only what it is told. */
export interface RealmDefaults {
  readonly defaultRole: string
  /** Paths. */
  readonly defaultGroups: readonly string[]
}

/** The whole of a user that is not there yet. */
export const toUserImport = (wanted: WantedUser, writer: Writer & RealmDefaults): UserImport => {
  const { email, firstName, lastName, passwordHash } = wanted
  const given = {
    roles: unique([writer.defaultRole, ...wanted.roles]),
    groups: unique([...writer.defaultGroups, ...wanted.groups]),
  }
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
      [MARKS.written]: encodeMarks(firstMarks(wanted, { ...writer, given })),
    },
    credentials: passwordHash === undefined ? [] : [toCredential(passwordHash, writer.passwordDate)],
    federatedIdentities: wanted.links.map(toFederatedIdentity),
    realmRoles: given.roles,
    groups: given.groups,
    requiredActions: wanted.requiredActions,
  }
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)]

/** Under which a password is held until its owner's first login, when Keycloak hashes it anew. */
export const AS_MOVED = 'synapse-bcrypt'

/** @param date milliseconds since 1970 */
export const toCredential = (hash: string, date: number): PasswordCredential => ({
  type: 'password',
  createdDate: date,
  secretData: JSON.stringify({ value: hash, additionalParameters: {} }),
  credentialData: JSON.stringify({
    hashIterations: costOf(hash),
    algorithm: AS_MOVED,
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
