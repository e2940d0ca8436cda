import { newRealm } from '../../../targets/keycloak/prepare/realm-step.ts'
import type { Lease } from '../../leases/lease.ts'
import { realmMarks, realmNameOf } from '../../services/keycloak/rehearsal-realm.ts'
import type { KeycloakWish } from './wish.ts'

/** The client that syn2op signs in with. */
export const CLIENT = 'syn2op'

/** Of realm-management: what a migration and its preparation need, and to try passwords. */
const ROLES = [
  'manage-realm',
  'manage-users',
  'view-users',
  'view-identity-providers',
  'view-clients',
  'manage-clients',
] as const

export interface RealmParts {
  /** Whose the realm is. */
  readonly lease: Pick<Lease, 'id' | 'labels'>
  /** Of the client. */
  readonly secret: string
  readonly wish: KeycloakWish
  readonly identityProviders: readonly object[]
}

/** A realm to post: with the client that syn2op signs in with, and the roles and groups that people get there. */
export const realmRepresentation = ({ lease, secret, wish, identityProviders }: RealmParts): object => ({
  ...newRealm(realmNameOf(lease.id)),
  displayName: 'Rehearsal of syn2op; can be deleted',
  attributes: realmMarks(lease),
  clients: [
    { clientId: CLIENT, secret, serviceAccountsEnabled: true, standardFlowEnabled: false, publicClient: false },
  ],
  users: [
    {
      username: `service-account-${CLIENT}`,
      enabled: true,
      serviceAccountClientId: CLIENT,
      clientRoles: { 'realm-management': ROLES },
    },
  ],
  roles: { realm: [...new Set([...wish.roles, ...wish.admins.roles])].map((name) => ({ name })) },
  groups: groupTree([...wish.groups, ...wish.admins.groups].map((path) => path.slice(1).split('/'))),
  identityProviders,
})

/** Groups by the names on their paths, each with those below it. */
const groupTree = (paths: readonly (readonly string[])[]): readonly object[] =>
  [...new Set(paths.flatMap(([name]) => (name === undefined ? [] : [name])))].map((name) => ({
    name,
    subGroups: groupTree(paths.filter(([first]) => first === name).map(([, ...below]) => below)),
  }))
