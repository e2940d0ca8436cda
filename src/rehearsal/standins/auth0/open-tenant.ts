import { randomBytes } from 'node:crypto'
import type { TenantClock } from './clock.ts'
import { auth0Id } from './jobs/job-id.ts'
import { type Readings, USUAL_READINGS } from './readings.ts'
import type { PlanName } from './rules/rule.ts'
import { SCOPES } from './scopes.ts'
import type { Client, Connection, Tenant } from './tenant.ts'
import { searchedLater } from './users/searched-later.ts'
import { openUserStore } from './users/store.ts'

/** Milliseconds. Auth0 names no time; reports speak of some seconds. */
const SEARCH_LAG = 5000

/** A tenant with one application, which may ask everything of the Management API, and one database connection, enabled for it. */
export const openTenant = ({
  searchLag = SEARCH_LAG,
  readings,
  ...options
}: {
  readonly url: string
  readonly plan: PlanName
  readonly clock: TenantClock
  /** Milliseconds after which searches see what was written. */
  readonly searchLag?: number
  readonly readings?: Partial<Readings>
}): { readonly tenant: Tenant; readonly client: Client; readonly connection: Connection } => {
  const client: Client = {
    id: randomBytes(24).toString('base64url'),
    secret: randomBytes(48).toString('base64url'),
    name: 'syn2op',
    grantTypes: ['client_credentials', 'password', 'http://auth0.com/oauth/grant-type/password-realm'],
    scopes: SCOPES,
  }
  const connection: Connection = {
    id: auth0Id('con'),
    name: 'people',
    strategy: 'auth0',
    options: { requires_username: true, validation: { username: { min: 1, max: 128 } } },
    enabledClients: new Set([client.id]),
  }
  const tenant: Tenant = {
    ...options,
    readings: { ...USUAL_READINGS, ...readings },
    connections: new Map([[connection.id, connection]]),
    clients: new Map([[client.id, client]]),
    users: searchedLater(openUserStore(), options.clock, searchLag),
    jobs: new Map(),
    actions: new Map(),
    linked: new Map(),
    wrongPasswords: new Map(),
    log: [],
    mails: [],
  }
  return { tenant, client, connection }
}
