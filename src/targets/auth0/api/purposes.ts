import type { QuotaClass } from './limits.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** What requests are for, which scopes of the Management API each needs, and which limit counts it. */
interface Purpose {
  readonly methods: readonly Method[]
  /** Below /api/v2/, or from the root when it begins with `//`. */
  readonly path: RegExp
  readonly what: string
  /** All of them. */
  readonly scopes: readonly string[]
  readonly counts: QuotaClass
}

const WRITING: readonly Method[] = ['POST', 'PATCH', 'PUT']

const purpose = (
  methods: readonly Method[],
  path: RegExp,
  [what, scope, counts = 'other']: readonly [what: string, scope: string | readonly string[], counts?: QuotaClass],
): Purpose => ({ methods, path, what, scopes: [scope].flat(), counts })

/** The first that fits counts. */
const PURPOSES: readonly Purpose[] = [
  purpose(['POST'], /^jobs\/users-imports$/, ['import users', 'create:users']),
  purpose(['POST'], /^jobs\/users-exports$/, ['export users', 'read:users']),
  purpose(['GET'], /^jobs\//, ['follow jobs', 'create:users']),
  purpose(['GET'], /^users\/[^/]+\/roles$/, ['read roles of users', 'read:roles']),
  purpose(['GET'], /^users\/[^/]+\/permissions$/, ['read permissions of users', 'read:users']),
  purpose(['GET'], /^users\/[^/]+\/organizations$/, ['read organizations of users', 'read:organizations']),
  purpose(['GET'], /^users\/[^/]+\/authentication-methods$/, [
    'read authentication methods of users',
    'read:authentication_methods',
  ]),
  purpose(['GET'], /^users(-by-email)?(\/|$)/, ['read users', 'read:users', 'users read']),
  purpose(['POST'], /^users$/, ['create users', 'create:users', 'users write']),
  purpose(['DELETE'], /^users\/[^/]+$/, ['delete users', 'delete:users', 'users delete']),
  purpose(['DELETE'], /^users\/[^/]+\/identities\//, ['change users', 'update:users', 'users delete']),
  purpose([...WRITING, 'DELETE'], /^users\//, ['change users', 'update:users', 'users write']),
  purpose(['GET'], /^connections\/[^/]+\/scim-configuration\/tokens/, ['read tokens of SCIM', 'read:scim_token']),
  purpose(['POST'], /^connections\/[^/]+\/scim-configuration\/tokens/, ['make tokens of SCIM', 'create:scim_token']),
  purpose(['DELETE'], /^connections\/[^/]+\/scim-configuration\/tokens/, [
    'delete tokens of SCIM',
    'delete:scim_token',
  ]),
  purpose(['GET'], /^connections\/[^/]+\/scim-configuration/, ['read whether SCIM is set up', 'read:scim_config']),
  purpose(['POST'], /^connections\/[^/]+\/scim-configuration/, ['set up SCIM', 'create:scim_config']),
  purpose(['PATCH'], /^connections\/[^/]+\/scim-configuration/, ['change how SCIM is set up', 'update:scim_config']),
  purpose(['DELETE'], /^connections\/[^/]+\/scim-configuration/, ['take SCIM away', 'delete:scim_config']),
  purpose(['GET'], /^connections(\/[^/]+)?$/, [
    'read connections',
    ['read:connections', 'read:connections_options'],
    'connections read',
  ]),
  purpose(['GET'], /^connections\//, ['read connections', 'read:connections']),
  purpose(['POST'], /^connections$/, ['create connections', 'create:connections']),
  purpose(['PATCH'], /^connections\/[^/]+$/, [
    'change the options of connections',
    ['update:connections', 'update:connections_options'],
  ]),
  purpose(WRITING, /^connections\//, ['change connections', 'update:connections']),
  purpose(['DELETE'], /^connections\/[^/]+$/, ['delete connections', 'delete:connections']),
  purpose(['GET'], /^clients(\/|$)/, ['read applications', 'read:clients', 'clients read']),
  purpose(['GET'], /^logs$/, ['read the log', 'read:logs', 'logs read']),
  purpose(['GET'], /^actions\//, ['read Actions', 'read:actions']),
  purpose(['POST'], /^actions\//, ['create and deploy Actions', 'create:actions']),
  purpose(['PATCH'], /^actions\//, ['change Actions', 'update:actions']),
  purpose(['DELETE'], /^actions\//, ['delete Actions', 'delete:actions']),
]

const ELSEWHERE = { what: 'use the Management API', scopes: ['read:tenant_settings'], counts: 'other' } as const
const SCIM = { what: 'put users into a connection by SCIM', scopes: ['post:users'], counts: 'SCIM' } as const

/** @param path below /api/v2/, or from the root when it begins with `//` */
export const purposeOf = (method: Method, path: string): Pick<Purpose, 'what' | 'scopes' | 'counts'> => {
  if (path.startsWith('//scim/')) return SCIM
  return PURPOSES.find((known) => known.methods.includes(method) && known.path.test(path)) ?? ELSEWHERE
}
