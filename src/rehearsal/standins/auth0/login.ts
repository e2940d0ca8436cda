import { finishLogin, type Login, REFRESH } from './finish-login.ts'
import { isObject } from './json.ts'
import { isEnterprise } from './strategies.ts'
import type { Connection, Tenant, User } from './tenant.ts'

/** Somebody comes back from the provider of a connection. */
export interface UpstreamArrival {
  /** The connection's name. */
  readonly connection: string
  /** What the provider calls them: `sub` of the ID token, NameID of the assertion. */
  readonly subject: string
  readonly email?: string
  /** What else the provider says, by the names of a profile's fields; `oid` of Microsoft Entra. */
  readonly claims?: Readonly<Record<string, unknown>>
}

const NAMES = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const

const namesOf = (claims: Readonly<Record<string, unknown>>): User['names'] =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const claim = claims[name]
      return typeof claim === 'string' ? [[name, claim]] : []
    }),
  )

const made = (connection: Connection, own: string, now: number): User => ({
  userId: `${connection.strategy}|${own}`,
  identities: [
    {
      connection: connection.name,
      provider: connection.strategy,
      userId: own,
      isSocial: !isEnterprise(connection.strategy),
    },
  ],
  names: {},
  blocked: false,
  appMetadata: {},
  userMetadata: {},
  createdAt: now,
  updatedAt: now,
  loginsCount: 0,
})

/** Of Microsoft Entra's people the object id, where the connection is set so; of all others the `sub`. */
const idAtProvider = ({ strategy, options }: Connection, { subject, claims = {} }: UpstreamArrival): string => {
  const { oid } = claims
  return strategy === 'waad' && options['userid_attribute'] === 'oid' && typeof oid === 'string' ? oid : subject
}

/** What the provider says is written over the profile at each login, unless the connection says otherwise. */
const updated = (user: User, { email, claims = {} }: UpstreamArrival): User => ({
  ...user,
  ...(email === undefined ? {} : { email: email.toLowerCase(), emailVerified: claims['email_verified'] === true }),
  names: { ...user.names, ...namesOf(claims) },
})

/**
 * A login through an enterprise or social connection, after the provider has let them in: finds their profile or makes it
 * (`<strategy>|<connection>|<subject>`, of a social provider `<strategy>|<subject>`), and runs the bound Actions.
 * @throws Error where there is no such connection, or it is a database
 */
export async function upstreamLogin(tenant: Tenant, arrival: UpstreamArrival): Promise<Login> {
  const connection = [...tenant.connections.values()].find(({ name }) => name === arrival.connection)
  if (connection === undefined || connection.strategy === 'auth0')
    throw new Error(`No enterprise or social connection ${arrival.connection}`)
  const release = tenant.clock.hold?.()
  try {
    const id = idAtProvider(connection, arrival)
    const own = isEnterprise(connection.strategy) ? `${connection.name}|${id}` : id
    const found = tenant.users.byIdentity(connection.strategy, own)
    const sync = isObject(connection.options) ? connection.options['set_user_root_attributes'] : undefined
    if (found === undefined && sync === 'never_on_login')
      return { kind: 'denied', reason: 'The user is not provisioned.' }
    const isTheirOwn = found === undefined || found.identities[0]?.userId === own
    const syncs = isTheirOwn && (sync === undefined || sync === 'on_each_login' || found === undefined)
    const user = found ?? made(connection, own, tenant.clock.now())
    return await finishLogin(tenant, syncs ? updated(user, arrival) : user, {
      connection,
      method: 'federated',
      protocol: 'oidc-basic-profile',
    })
  } finally {
    release?.()
  }
}

/**
 * An application gets new tokens for somebody who logged in before. The bound Actions run then too.
 * @throws Error where there is no such user, or no connection of theirs
 */
export async function exchangeRefreshToken(tenant: Tenant, userId: string): Promise<Login> {
  const user = tenant.users.byId(userId)
  const connection = [...tenant.connections.values()].find(({ name }) => name === user?.identities[0]?.connection)
  if (user === undefined || connection === undefined) throw new Error(`No user ${userId} of a connection`)
  const release = tenant.clock.hold?.()
  try {
    return await finishLogin(tenant, user, { connection, method: 'federated', protocol: REFRESH })
  } finally {
    release?.()
  }
}
