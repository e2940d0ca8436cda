import type { SynapseVersion } from '../catalogue.ts'
import { DEMO } from '../constants.ts'
import type { DemoRows } from '../rows.ts'

/**
 * What each version writes into `schema_version` and `schema_compat_version` (Synapse, its storage schema's
 * constants). 1.33.2 has no compatibility version yet.
 */
const SCHEMA_VERSIONS: Readonly<Record<SynapseVersion, { readonly version: number; readonly compat: number }>> = {
  '1.33.2': { version: 59, compat: 59 },
  '1.91.2': { version: 80, compat: 78 },
  '1.136.0': { version: 92, compat: 84 },
  '1.163.2': { version: 94, compat: 84 },
}

/** Rows that belong to nobody: versions, application services, registration tokens. */
export const homeserverRows = (version: SynapseVersion): DemoRows => ({
  schema_version: [{ lock: 'X', version: SCHEMA_VERSIONS[version].version, upgraded: true }],
  schema_compat_version: [{ lock: 'X', compat_version: SCHEMA_VERSIONS[version].compat }],
  application_services_state: [
    { as_id: DEMO.appserviceId, state: 'up' },
    { as_id: 'a-bridge-of-the-past', state: 'down' },
  ],
  registration_tokens: [
    { token: 'welcome', uses_allowed: null, pending: 0, completed: 12, expiry_time: null },
    { token: 'summer-party', uses_allowed: 50, pending: 0, completed: 50, expiry_time: DEMO.now - 86_400_000 },
  ],
})
