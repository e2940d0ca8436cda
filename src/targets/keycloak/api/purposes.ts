import type { KeycloakConfig } from '../config/keycloak-config.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** What requests are for, and which role of realm-management each needs at least. */
interface Purpose {
  readonly methods: readonly Method[]
  readonly path: RegExp
  readonly what: string
  readonly role: string
}

const WRITING: readonly Method[] = ['POST', 'PUT', 'DELETE']

/** The first that fits counts. Tried with 26.7.3, role by role. */
const PURPOSES: readonly Purpose[] = [
  { methods: ['GET'], path: /^\/\/admin\/serverinfo$/, what: 'read what the server offers', role: 'view-realm' },
  { methods: ['POST'], path: /^\/\/admin\/realms$/, what: 'create the realm', role: 'create-realm' },
  { methods: ['POST'], path: /^partialImport$/, what: 'import users', role: 'manage-realm' },
  { methods: ['GET'], path: /^users\/profile$/, what: 'read the user profile', role: 'view-realm' },
  { methods: ['PUT'], path: /^users\/profile$/, what: 'change the user profile', role: 'manage-realm' },
  { methods: ['GET'], path: /^users(\/|$)/, what: 'read users', role: 'view-users' },
  { methods: WRITING, path: /^users(\/|$)/, what: 'change users', role: 'manage-users' },
  { methods: ['GET'], path: /^groups(\/|$)/, what: 'read groups', role: 'query-groups' },
  { methods: WRITING, path: /^groups(\/|$)/, what: 'change groups', role: 'manage-users' },
  {
    methods: ['GET'],
    path: /^identity-provider\//,
    what: 'read identity providers',
    role: 'view-identity-providers',
  },
  {
    methods: WRITING,
    path: /^identity-provider\//,
    what: 'change identity providers',
    role: 'manage-identity-providers',
  },
  { methods: ['GET'], path: /^(clients|client-scopes)(\/|$)/, what: 'read clients', role: 'view-clients' },
  { methods: WRITING, path: /^(clients|client-scopes)(\/|$)/, what: 'change clients', role: 'manage-clients' },
  { methods: ['GET'], path: /^events\/config$/, what: 'read which events are kept', role: 'view-events' },
  { methods: WRITING, path: /^events\/config$/, what: 'change which events are kept', role: 'manage-events' },
  { methods: ['GET'], path: /^(?!\/\/)/, what: 'read the realm', role: 'view-realm' },
  { methods: WRITING, path: /^(?!\/\/)/, what: 'change the realm', role: 'manage-realm' },
]

const ELSEWHERE = { what: 'use the Admin API', role: 'realm-admin' }

/** @param path below the realm, or from the root when it begins with `//` */
export const purposeOf = (method: Method, path: string): { readonly what: string; readonly role: string } =>
  PURPOSES.find((purpose) => purpose.methods.includes(method) && purpose.path.test(path)) ?? ELSEWHERE

const quoted = (word: string): string => (/^[\w.@:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** What an administrator types to give syn2op's client a role. */
export const grantLine = ({ client, realm }: Pick<KeycloakConfig, 'client' | 'realm'>, role: string): string => {
  const user = `service-account-${client.id.toLowerCase()}`
  const grant = ['kcadm.sh add-roles -r', quoted(client.realm), '--uusername', quoted(user)]
  if (role === 'create-realm') return [...grant, '--rolename create-realm'].join(' ')
  // The realm master has a client of every other realm with the roles over it.
  const holder = client.realm === realm && realm !== 'master' ? 'realm-management' : `${realm}-realm`
  return [...grant, '--cclientid', quoted(holder), '--rolename', role].join(' ')
}
