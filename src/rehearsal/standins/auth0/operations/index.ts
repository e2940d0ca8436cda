import type { Operation } from '../answer.ts'
import { ACTIONS_OPERATIONS } from './actions.ts'
import { CLIENTS_OPERATIONS } from './clients.ts'
import { CONNECTIONS_OPERATIONS } from './connections.ts'
import { GIVEN_OPERATIONS } from './given.ts'
import { IDENTITIES_OPERATIONS } from './identities.ts'
import { LOGS_OPERATIONS } from './logs.ts'
import { SCIM_CONFIGURATION_OPERATIONS } from './scim-configuration.ts'
import { SEARCH_OPERATIONS } from './search.ts'
import { USERS_OPERATIONS } from './users.ts'

export { SCIM_OPERATIONS } from './scim.ts'

/** Of the Management API, but for jobs. */
export const MANAGEMENT_OPERATIONS: readonly Operation[] = [
  ...USERS_OPERATIONS,
  ...GIVEN_OPERATIONS,
  ...SEARCH_OPERATIONS,
  ...IDENTITIES_OPERATIONS,
  ...CONNECTIONS_OPERATIONS,
  ...CLIENTS_OPERATIONS,
  ...SCIM_CONFIGURATION_OPERATIONS,
  ...ACTIONS_OPERATIONS,
  ...LOGS_OPERATIONS,
]
