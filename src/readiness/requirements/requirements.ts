import { CLIENT_REQUIREMENTS, MIGRATION_REQUIREMENTS } from './of-clients.ts'
import { HOMESERVER_REQUIREMENTS } from './of-homeservers.ts'
import { OP_REQUIREMENTS } from './of-ops.ts'
import type { Requirement } from './requirement.ts'

/** All that is asked of homeservers, OPs, clients and of a migration between them. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...HOMESERVER_REQUIREMENTS,
  ...OP_REQUIREMENTS,
  ...CLIENT_REQUIREMENTS,
  ...MIGRATION_REQUIREMENTS,
]
