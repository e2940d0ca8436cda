import type { FindingEntry } from '../entry.ts'

/** Findings about MAS's configuration, by itself and against Synapse's. */
export const MAS_SETTINGS_FINDINGS = {
  MAS_SERVER_NAME: {
    severity: 'error',
    title: 'MAS is configured for another homeserver',
    why: 'Everybody would get an account of another server name.',
    remedy: "Set `matrix.homeserver` in MAS's configuration to Synapse's `server_name`.",
    kind: 'data',
  },
  MAS_SHARED_SECRET: {
    severity: 'warning',
    title: 'Synapse and MAS have different shared secrets',
    why: 'Each would refuse what the other asks: after the cut-over nobody could log in or send a message.',
    remedy: "Give `matrix.secret` of MAS and `secret` under Synapse's `matrix_authentication_service` the same value.",
    kind: 'data',
  },
  MAS_NO_BCRYPT_SCHEME: {
    severity: 'error',
    title: "MAS has no password scheme for Synapse's hashes",
    why: 'Synapse hashes passwords with bcrypt; without such a scheme in MAS nobody can log in with a password.',
    remedy: 'Add a scheme with `algorithm: bcrypt` and `unicode_normalization: true` to `passwords.schemes`.',
    kind: 'data',
  },
  MAS_PEPPER: {
    severity: 'error',
    title: "The pepper of Synapse and the secret of MAS's bcrypt scheme differ",
    why: 'Every password would be refused as wrong.',
    remedy:
      "Copy Synapse's `password_config.pepper` to `secret` of the bcrypt scheme, or remove it where there is none.",
    kind: 'data',
  },
  MAS_UNICODE_NORMALIZATION: {
    severity: 'error',
    title: "MAS's bcrypt scheme does not normalise passwords",
    why: 'Synapse normalises passwords (NFKC) before it hashes them; those with other than ASCII characters would be refused.',
    remedy: 'Set `unicode_normalization: true` in the bcrypt scheme.',
    kind: 'data',
  },
  MAS_NEWEST_SCHEME_UNNORMALISED: {
    severity: 'notice',
    title: "MAS's newest password scheme does not normalise passwords",
    why: 'MAS hashes a password anew with its newest scheme at the first login. From then on it takes only the spelling (composed or decomposed letters) that was typed that day.',
    remedy: 'Set `unicode_normalization: true` in that scheme too.',
    kind: 'data',
  },
  MAS_PASSWORDS_DISABLED: {
    severity: 'warning',
    title: 'MAS takes no passwords',
    why: 'The hashes are copied, but people who only have a password cannot log in while `passwords.enabled` is false.',
    remedy: 'Set `passwords.enabled: true`, or acknowledge that passwords end here.',
    kind: 'data',
  },
  MAS_PROVIDER_NOT_CONFIGURED: {
    severity: 'warning',
    title: 'MAS does not know an SSO provider that people use',
    why: 'The links of people to it are left; who has no password either cannot log in.',
    remedy: 'Give the provider in `upstream_oauth2.providers` the `synapse_idp_id`, or map its name to another.',
    kind: 'data',
  },
  MAS_PROVIDER_ROW_MISSING: {
    severity: 'error',
    title: 'A configured SSO provider is not in the MAS database yet',
    why: 'Links of people point at the row of their provider, which MAS itself makes from its configuration.',
    remedy: 'Run `mas-cli config sync`.',
    kind: 'data',
  },
  MAS_PROVIDER_DISABLED: {
    severity: 'warning',
    title: 'An SSO provider that people use is switched off in MAS',
    why: 'Their links are copied, but nobody can log in with it until it is enabled.',
    remedy: 'Set `enabled: true` for the provider and run `mas-cli config sync`.',
    kind: 'data',
  },
  MAS_PROVIDER_TWICE: {
    severity: 'error',
    title: 'Two providers of MAS claim the same provider of Synapse',
    why: 'It cannot be decided to which of them the people belong.',
    remedy: 'Keep the `synapse_idp_id` at one of them.',
    kind: 'data',
  },
  OAUTH_DELEGATED: {
    severity: 'warning',
    title: 'Links of an earlier delegation to MAS are left',
    why: 'Rows of the provider oauth-delegated come from an earlier attempt with MAS and mean nothing to a new one.',
    remedy: 'Nothing needs to be done; make sure that no other MAS is in use with this homeserver.',
    kind: 'data',
  },
  GUESTS_ALLOWED: {
    severity: 'warning',
    title: 'Synapse lets guests in, MAS does not',
    why: 'Guest accounts are copied, but their sessions end, and there will be no new guests.',
    remedy: 'Set `allow_guest_access: false` in homeserver.yaml, or acknowledge it.',
    kind: 'data',
  },
  SYNAPSE_CONFLICTS_WITH_MAS: {
    severity: 'notice',
    title: 'Settings of Synapse exclude MAS',
    why: 'Synapse does not start with MAS switched on until these settings are gone.',
    remedy:
      'Change the settings named after `migrate` and `verify`, before Synapse starts with MAS; not earlier, since `migrate` reads from them how people log in.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
