import { ACCOUNT_PROBES } from './op/account.ts'
import { CORS_PROBES } from './op/cors.ts'
import { DISCOVERY_PROBES } from './op/discovery.ts'
import { INTROSPECTION_PROBES } from './op/introspection.ts'
import { QR_DEVICE_PROBES, QR_GRANT_PROBES } from './op/qr.ts'
import { REGISTRATION_PROBES } from './op/registration.ts'
import { REVOCATION_PROBES } from './op/revocation.ts'
import { ROUTE_PROBES } from './op/routes.ts'
import { SCOPE_PROBES } from './op/scopes.ts'
import { SIGN_OUT_PROBES } from './op/sign-out.ts'
import type { Probe } from './probe.ts'

/** The probes of the OP, in the order in which they are shown. */
export const OP_PROBES: readonly Probe[] = [
  ...DISCOVERY_PROBES,
  ...ROUTE_PROBES,
  ...CORS_PROBES,
  ...INTROSPECTION_PROBES,
  ...ACCOUNT_PROBES,
  ...QR_GRANT_PROBES,
  ...SIGN_OUT_PROBES,
  ...REGISTRATION_PROBES,
  ...SCOPE_PROBES,
  ...REVOCATION_PROBES,
  ...QR_DEVICE_PROBES,
]
