import type { Requirement } from './requirement.ts'

export const HOMESERVER_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'base-url',
    of: 'homeserver',
    requirement: 'Clients find the homeserver by its name, and it answers them, web clients too',
    spec: 'Client-server API, .well-known and /versions',
    probes: ['WELL_KNOWN', 'VERSIONS', 'HOMESERVER_CORS'],
    steps: ['metadata'],
  },
  {
    id: 'discovery',
    of: 'homeserver',
    requirement: 'The homeserver says which OP it works with, at the stable address and at the one of the proposal',
    spec: 'MSC2965, Matrix 1.15',
    probes: ['METADATA_STABLE', 'METADATA_UNSTABLE', 'METADATA_SAME', 'AUTH_ISSUER', 'WELL_KNOWN_OP'],
    steps: ['metadata'],
  },
  {
    id: 'metadata',
    of: 'homeserver',
    requirement:
      'What it says has all fields, in the form in which clients take them, and is what the OP says of itself',
    spec: 'MSC2964, MSC2965, Matrix 1.15; MSC4191, MSC4341, Matrix 1.18',
    probes: ['METADATA_REQUIRED', 'METADATA_VALUES', 'METADATA_HTTPS', 'METADATA_OPTIONAL', 'OP_SAME'],
    steps: ['metadata'],
  },
  {
    id: 'introspection',
    of: 'homeserver',
    requirement: 'It has the OP say whose a token is, and reaches it',
    spec: 'RFC 7662; Synapse with MAS',
    probes: ['TOKENS_CHECKED', 'INTROSPECTION'],
    steps: ['whoami'],
    findings: ['MAS_SHARED_SECRET'],
  },
  {
    id: 'provisioning',
    of: 'homeserver',
    requirement: 'The OP can tell it of new people and devices, of sign-outs and of deactivations',
    spec: "Synapse's API for MAS",
    probes: ['MAS_API', 'SIGN_OUT_NOTICES'],
    whyNot:
      'That a sign-out or a deactivation really arrives would need somebody to be signed out. The walk sees it for its own session: after the revocation whoami answers 401.',
    steps: ['revocation'],
  },
  {
    id: 'delegated-password',
    of: 'homeserver',
    requirement: 'Clients offer no change of password where the OP has the passwords (m.change_password false)',
    spec: 'Client-server API, capabilities; MSC3824, Matrix 1.18',
    probes: ['CAPABILITIES'],
  },
  {
    id: 'delegated-3pids',
    of: 'homeserver',
    requirement:
      'Clients offer no change of e-mail addresses and phone numbers where the OP has them (m.3pid_changes false)',
    spec: 'Client-server API, capabilities; MSC3824, Matrix 1.18',
    probes: ['CAPABILITIES'],
  },
  {
    id: 'compat-layer',
    of: 'homeserver',
    requirement: 'Apps that know no OAuth log in, out and refresh as before (the compatibility layer)',
    spec: 'Client-server API, legacy login',
    probes: ['LOGIN_FLOWS', 'LEGACY_PASSWORD', 'LEGACY_SSO', 'LEGACY_LOGOUT', 'LEGACY_REFRESH'],
  },
  {
    id: 'legacy-sign-up',
    of: 'homeserver',
    requirement: 'The legacy registration is open or closed as it is meant',
    spec: 'Client-server API, /register',
    probes: ['LEGACY_SIGN_UP'],
  },
  {
    id: 'oauth-aware',
    of: 'homeserver',
    requirement:
      'Legacy clients that are aware of OAuth are told to log in in the browser, and leave the account to the OP',
    spec: 'MSC3824, Matrix 1.18',
    probes: ['OAUTH_AWARE', 'CAPABILITIES'],
  },
  {
    id: 'application-services',
    of: 'homeserver',
    requirement: 'Bridges and bots go on speaking for their users, by the tokens of their registrations',
    spec: 'Application service API',
    probes: ['BRIDGES'],
    findings: ['APPSERVICE_USERS'],
  },
  {
    id: 'bridge-devices',
    of: 'homeserver',
    requirement: 'Bridges with encryption make devices for their users without a login',
    spec: 'MSC4190, Matrix 1.17',
    probes: ['BRIDGE_DEVICES'],
    findings: ['APPSERVICE_LOGINS_END'],
  },
  {
    id: 'device-list',
    of: 'homeserver',
    requirement: 'People see their devices, with the name of each, and end any of them',
    spec: 'Client-server API, devices; MSC4191, Matrix 1.18',
    probes: ['ACCOUNT_ACTIONS'],
    steps: ['whoami', 'revocation'],
    whyNot:
      'The list itself needs a person. The walk sees that the homeserver knows its device by the id that was asked for, and no longer after the revocation.',
  },
  {
    id: 'qr-homeserver',
    of: 'homeserver',
    requirement: 'Two devices meet at the homeserver to log the new one in by a QR code',
    spec: 'MSC4108, MSC4388; in no version of Matrix',
    probes: ['QR_RENDEZVOUS'],
  },
  {
    id: 'guests',
    of: 'homeserver',
    requirement: 'Guests go on as guests',
    spec: 'Client-server API, guest access',
    whyNot:
      'Asking for a guest would make an account that nobody deletes. MAS has no guests, and Synapse under MAS lets none in; Tuwunel has its own switch, `allow_guest_registration`. `syn2op check` counts them and says what becomes of them.',
    findings: ['GUESTS', 'GUESTS_ALLOWED'],
  },
  {
    id: 'cross-signing-reset',
    of: 'homeserver',
    requirement: 'Who resets the digital identity is sent to the OP to confirm it (m.oauth)',
    spec: 'MSC4312, Matrix 1.17',
    probes: ['ACCOUNT_ACTIONS'],
    whyNot:
      "The homeserver asks for it only of a session that has such keys already, and a try with somebody's token could replace them: it is not tried. That the OP has the page for it is asked.",
  },
  {
    id: 'starts-delegated',
    of: 'homeserver',
    requirement: 'Synapse starts with the logins handed to MAS',
    spec: 'Synapse 1.136 and newer',
    whyNot:
      'A server that does not start answers nothing. `syn2op readiness --synapse-config homeserver.yaml` shows each setting that keeps it from starting, with its line and the change; `syn2op check` has the same.',
    findings: ['SYNAPSE_CONFLICTS_WITH_MAS', 'SYNAPSE_TOO_OLD_FOR_MAS'],
  },
]
