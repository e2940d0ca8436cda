import { BRIDGE_PROBES } from './bridges.ts'
import { CAPABILITIES_PROBES } from './capabilities.ts'
import { HOMESERVER_CORS_PROBES } from './homeserver-cors.ts'
import { LEGACY_PROBES } from './legacy.ts'
import { LOGIN_FLOW_PROBES } from './login-flows.ts'
import { MAS_API_PROBES } from './mas-api.ts'
import { METADATA_ADDRESS_PROBES } from './metadata-address.ts'
import { METADATA_FIELD_PROBES } from './metadata-fields.ts'
import { METADATA_SAME_PROBES } from './metadata-same.ts'
import type { Probe } from './probe.ts'
import { QR_RENDEZVOUS_PROBES } from './qr-rendezvous.ts'
import { TOKENS_CHECKED_PROBES } from './tokens-checked.ts'
import { VERSIONS_PROBES } from './versions.ts'
import { WELL_KNOWN_PROBES } from './well-known.ts'

/** The probes of the homeserver and of the metadata that it serves, in the order in which they are shown. */
export const HOMESERVER_PROBES: readonly Probe[] = [
  ...WELL_KNOWN_PROBES,
  ...VERSIONS_PROBES,
  ...METADATA_ADDRESS_PROBES,
  ...METADATA_SAME_PROBES,
  ...METADATA_FIELD_PROBES,
  ...HOMESERVER_CORS_PROBES,
  ...TOKENS_CHECKED_PROBES,
  ...MAS_API_PROBES,
  ...LOGIN_FLOW_PROBES,
  ...LEGACY_PROBES,
  ...CAPABILITIES_PROBES,
  ...BRIDGE_PROBES,
  ...QR_RENDEZVOUS_PROBES,
]
