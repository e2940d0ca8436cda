import { toUserImport, type Writer } from '../../../../../src/targets/keycloak/accounts/user-import.ts'
import { type Step, stepsOf, type UserRequests } from '../../../../../src/targets/keycloak/accounts/user-requests.ts'
import type {
  CredentialsSeen,
  Link,
  Memberships,
  PasswordCredential,
  PresentUser,
  UserImport,
  UserUpdate,
} from '../../../../../src/targets/keycloak/api/user.ts'

/** A password of a user; `hash` is what Keycloak never tells. */
export interface ModelPassword {
  readonly id: string
  readonly createdDate: number
  readonly hash: string
  /** Another one once its owner has logged in. */
  readonly algorithm: string
}

export interface ModelUser extends PresentUser {
  readonly links: readonly Link[]
  readonly password?: ModelPassword
  readonly otherCredentials: readonly string[]
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  /** A session, a consent or an offline token of theirs is there. */
  readonly inUse: boolean
}

/** What Keycloak 26.7.3 does to one user, as it was seen to do on a running server. */
export interface RealmModel {
  user: ModelUser | undefined
}

class ModelRefusal extends Error {}

const WIDEST_COLUMN = 255
const LONGEST_ATTRIBUTE = 2048

export const emptyRealm = (): RealmModel => ({ user: undefined })

/**
 * Does what was planned.
 * @param killedAfter so many of the requests of a change; absent: all are sent
 */
export const apply = (realm: RealmModel, requests: UserRequests, writer: Writer, killedAfter?: number): void => {
  if (requests.kind === 'create')
    importUser(realm, toUserImport(requests.wanted, { ...writer, defaultRole: 'default', defaultGroups: ['/all'] }))
  if (requests.kind === 'delete') realm.user = undefined
  if (requests.kind === 'change') for (const step of stepsOf(requests).slice(0, killedAfter)) send(realm, step)
}

const send = (realm: RealmModel, step: Step): void => {
  switch (step.kind) {
    case 'put':
      putUser(realm, step.user)
      break
    case 'add link':
      edit(realm, (user) => ({ ...user, links: withLink(user.links, step.link) }))
      break
    case 'remove link':
      edit(realm, (user) => ({ ...user, links: user.links.filter(({ alias }) => alias !== step.link.alias) }))
      break
    case 'remove password':
      edit(realm, (user) => {
        if (user.password?.id !== step.credential) throw new ModelRefusal('404 no such credential')
        return withoutPassword(user)
      })
  }
}

/** As somebody at Keycloak would. */
export const edit = (realm: RealmModel, change: (user: ModelUser) => ModelUser): void => {
  if (realm.user === undefined) throw new ModelRefusal('404 no such user')
  realm.user = change(realm.user)
}

export const withoutPassword = (user: ModelUser): ModelUser => {
  const { password: _, ...rest } = user
  return rest
}

const importUser = (realm: RealmModel, user: UserImport): void => {
  if (realm.user !== undefined) throw new ModelRefusal('409 Duplicate resource error')
  if (JSON.stringify(user).includes(String.raw`\u0000`)) throw new ModelRefusal('500 NUL')
  const columns = [user.username, user.email ?? '', ...user.federatedIdentities.map(({ userId }) => userId)]
  if (user.username === '' || columns.some((text) => [...text].length > WIDEST_COLUMN)) throw new ModelRefusal('500')
  const [credential] = user.credentials ?? []
  realm.user = {
    id: user.id,
    username: user.username.toLowerCase(),
    ...ownFields(user),
    emailVerified: user.emailVerified,
    enabled: user.enabled,
    createdTimestamp: user.createdTimestamp,
    attributes: stored(user.attributes),
    requiredActions: user.requiredActions,
    links: user.federatedIdentities.reduce<readonly Link[]>(
      (links, { identityProvider, userId }) => withLink(links, { alias: identityProvider, subject: userId }),
      [],
    ),
    ...(credential === undefined ? {} : { password: toPassword(credential) }),
    otherCredentials: [],
    roles: user.realmRoles,
    groups: user.groups,
    inUse: false,
  }
}

const putUser = (realm: RealmModel, put: UserUpdate): void =>
  edit(realm, (user) => {
    if (Object.values(put.attributes).some((values) => values.some((value) => value.length > LONGEST_ATTRIBUTE))) {
      throw new ModelRefusal('400 error-invalid-length')
    }
    const [credential] = put.credentials ?? []
    const { email: _, firstName: __, lastName: ___, ...rest } = user
    return {
      ...rest,
      username: put.username.toLowerCase(),
      ...ownFields(put),
      emailVerified: put.emailVerified,
      enabled: put.enabled,
      attributes: Object.fromEntries(
        Object.entries(stored(put.attributes)).filter(([, values]) => values.some((value) => value.trim() !== '')),
      ),
      requiredActions: put.requiredActions,
      ...(credential === undefined ? {} : { password: toPassword(credential) }),
    }
  })

const ownFields = (user: UserUpdate): Pick<PresentUser, 'email' | 'firstName' | 'lastName'> => ({
  ...(user.email === undefined ? {} : { email: user.email.toLowerCase() }),
  ...(user.firstName === undefined ? {} : { firstName: user.firstName }),
  ...(user.lastName === undefined ? {} : { lastName: user.lastName }),
})

/** Half a character becomes another, and values come back in whatever order. */
const stored = (attributes: PresentUser['attributes']): PresentUser['attributes'] =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => [
      name,
      values.map((value) => value.replaceAll(/\p{Surrogate}/gu, '?')).toReversed(),
    ]),
  )

const withLink = (links: readonly Link[], link: Link): readonly Link[] => {
  if (links.some(({ alias }) => alias === link.alias))
    throw new ModelRefusal('409 User is already linked with provider')
  return [...links, link]
}

/** The id of the credential stays whatever is put there. */
const toPassword = ({ createdDate, secretData }: PasswordCredential): ModelPassword => ({
  algorithm: 'synapse-bcrypt',
  id: 'credential',
  createdDate,
  hash: secretData,
})

/** As a list tells of it, or single requests. */
export const see = (
  { user }: RealmModel,
  how: 'in a list' | 'alone',
): {
  readonly present?: PresentUser
  readonly memberships?: Memberships
  readonly inUse?: boolean
} & Partial<CredentialsSeen> => {
  if (user === undefined) return {}
  const { links, password, otherCredentials, roles, groups, inUse, ...present } = user
  if (how === 'in a list') return { present }
  return {
    present: { ...present, links },
    ...(password === undefined
      ? {}
      : { password: { id: password.id, createdDate: password.createdDate, algorithm: password.algorithm } }),
    otherCredentials,
    memberships: { realmRoles: roles, clientRoles: [], groups },
    inUse,
  }
}
