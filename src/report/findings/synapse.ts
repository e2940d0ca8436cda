import { SYNAPSE_ACCOUNT_FINDINGS } from './synapse-accounts.ts'
import { SYNAPSE_DATABASE_FINDINGS } from './synapse-database.ts'
import { SYNAPSE_ROW_FINDINGS } from './synapse-rows.ts'

/** Everything that the checks of the source can find. */
export const SYNAPSE_FINDINGS = {
  ...SYNAPSE_DATABASE_FINDINGS,
  ...SYNAPSE_ACCOUNT_FINDINGS,
  ...SYNAPSE_ROW_FINDINGS,
}
