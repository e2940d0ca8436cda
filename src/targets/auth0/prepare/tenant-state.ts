import type { ActionStanding } from '../check/read-action.ts'
import type { ConnectionsSeen } from '../check/read-connections.ts'
import type { Auth0Config } from '../config/auth0-config.ts'

/** What a tenant has of what prepare looks at. */
export interface TenantState extends ConnectionsSeen {
  /** Of the client; undefined: Auth0 does not tell. */
  readonly scopes?: readonly string[]
  /** Of the Action; absent: it is not needed, or may not be seen. */
  readonly action?: ActionStanding
}

/** Names of the connections whose people are linked in this way. */
export const linkedBy = (
  { providers }: Pick<Auth0Config, 'providers'>,
  ...ways: readonly ('scim' | 'action')[]
): readonly string[] => [
  ...new Set(providers.filter(({ link }) => ways.some((way) => way === link)).map(({ id }) => id)),
]
