import type { Requirement } from './requirement.ts'

export const CLIENT_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'client-discovery',
    of: 'client',
    requirement:
      'An OIDC-native client asks the address of the metadata that suits /versions, and takes what stands there',
    spec: 'MSC2965, Matrix 1.15',
    probes: [
      'VERSIONS',
      'METADATA_STABLE',
      'METADATA_UNSTABLE',
      'METADATA_REQUIRED',
      'METADATA_VALUES',
      'METADATA_HTTPS',
    ],
    steps: ['metadata'],
    whyNot: 'No client is started: what each one asks and refuses was read in its source, and is judged by that.',
  },
  {
    id: 'client-login',
    of: 'client',
    requirement: 'It registers, logs in with PKCE and a device of its own, and refreshes its tokens',
    spec: 'MSC2964, MSC2966, MSC2967, Matrix 1.15',
    probes: ['REGISTRATION', 'REGISTRATION_NATIVE', 'SCOPE_STABLE', 'SCOPE_UNSTABLE'],
    steps: ['registration', 'authorization', 'token', 'whoami', 'refresh'],
    whyNot: 'No client is started: the walk goes the same way, and shows every request and answer.',
  },
  {
    id: 'client-sign-out',
    of: 'client',
    requirement: 'It hands its tokens back when people log out',
    spec: 'MSC4254, Matrix 1.15',
    probes: ['REVOCATION'],
    steps: ['revocation'],
  },
  {
    id: 'client-account-links',
    of: 'client',
    requirement: 'It links the account page of the OP in place of forms of its own',
    spec: 'MSC4191, Matrix 1.18',
    probes: ['ACCOUNT_PAGE', 'ACCOUNT_ACTIONS'],
  },
  {
    id: 'client-qr',
    of: 'client',
    requirement: 'It logs a new device in by a QR code',
    spec: 'MSC4108, MSC4341',
    probes: ['QR_RENDEZVOUS', 'QR_GRANT'],
    whyNot: 'Two devices and a camera are needed for the whole of it: what both need of the servers is asked.',
  },
  {
    id: 'client-aware',
    of: 'client',
    requirement: 'An OIDC-aware client logs in by SSO, says that it is OAuth, and hides what the OP does',
    spec: 'MSC3824, Matrix 1.18',
    probes: ['OAUTH_AWARE', 'LEGACY_SSO', 'CAPABILITIES', 'WELL_KNOWN_OP'],
  },
]

export const MIGRATION_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'password-hashes',
    of: 'migration',
    requirement: 'People keep their passwords',
    spec: 'none',
    whyNot:
      'Nobody tells a hash from outside. `syn2op check` looks at each, and `syn2op verify` compares them afterwards.',
    findings: ['HASHES_NOT_BCRYPT', 'MAS_NO_BCRYPT_SCHEME'],
  },
  {
    id: 'existing-sessions',
    of: 'migration',
    requirement: 'Who is logged in stays logged in',
    spec: 'none',
    probes: ['CAPABILITIES', 'TOKENS_CHECKED'],
    whyNot:
      'With --token-file the token of one person from before is asked. For all of them `syn2op check` says beforehand whose token ends, and `syn2op verify` compares them afterwards; docs/how-to/prove-the-cut-over.md tries old tokens.',
    findings: ['TOKENS_NOT_ACCEPTED', 'SESSIONS_ENDED'],
  },
  {
    id: 'sso-users',
    of: 'migration',
    requirement: 'Who logs in at a provider is the same person afterwards',
    spec: 'none',
    whyNot:
      'It needs the person. `syn2op check` holds the identities in Synapse against the providers of MAS; `syn2op link` and `verify` do the rest.',
    findings: ['MAS_PROVIDER_NOT_CONFIGURED', 'SEVERAL_IDENTITIES', 'DUPLICATE_SUBJECTS'],
  },
  {
    id: 'deactivated-stay-so',
    of: 'migration',
    requirement: 'Who is locked or deactivated stays so',
    spec: 'none',
    whyNot: 'It needs the account. `syn2op check` counts them, and `syn2op verify` compares them afterwards.',
    findings: ['LOCKED', 'SUSPENDED', 'DEACTIVATION_PENDING'],
  },
  {
    id: 'old-clients',
    of: 'migration',
    requirement: 'Old apps, bots and scripts go on, by the compatibility layer',
    spec: 'Client-server API, legacy login',
    probes: ['LOGIN_FLOWS', 'LEGACY_PASSWORD', 'LEGACY_LOGOUT', 'LEGACY_REFRESH'],
    findings: ['SYNAPSE_TOOLS_END', 'JWT_LOGINS_END'],
  },
  {
    id: 'small-sites',
    of: 'migration',
    requirement: 'A small site has its OP without running another server',
    spec: 'none',
    whyNot:
      'It is a choice and no state: Tuwunel and continuwuity have an OP of their own, Synapse has MAS. All three are judged by the same probes.',
  },
]
