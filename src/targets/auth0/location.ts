import type { Auth0Config } from './config/auth0-config.ts'

/** As runs name the target: in documents, leases and notes. */
export const TARGET_NAME = 'auth0'

/** Which tenant and connection, as documents and notes name them. */
export const locationOf = ({ url, connection }: Pick<Auth0Config, 'url' | 'connection'>): string =>
  `${url}, connection ${connection}`
