import type { FindingEntry } from '../entry.ts'

/** Findings about a Keycloak server: its version, its ways in, the provider that checks Synapse's passwords. */
export const KEYCLOAK_SERVER_FINDINGS = {
  KEYCLOAK_TOO_OLD: {
    severity: 'error',
    title: 'This Keycloak is too old',
    why: 'What syn2op relies on was tried with 26.4 and later; what an older one does with it is not known.',
    remedy: 'Upgrade Keycloak to 26.4 or later.',
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_NEWER: {
    severity: 'notice',
    title: 'This Keycloak is newer than those that were tried',
    why: 'Every run reads back what it is not sure of, but nobody has tried it with this version.',
    remedy: 'Move a few people first: `syn2op migrate --limit 10`, then `syn2op verify`.',
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_VERSION_UNKNOWN: {
    severity: 'warning',
    title: 'Keycloak does not say what it is',
    why: 'Its server information cannot be read: neither its version is known, nor whether it can check the passwords of Synapse, nor with which pepper.',
    remedy: 'Let requests for /admin/serverinfo through, or look at both yourself and accept this.',
    kind: 'operational',
    names: 'things',
  },
  KEYCLOAK_ROLES_MISSING: {
    severity: 'error',
    title: "syn2op's client lacks roles at Keycloak",
    why: 'Without manage-realm nobody can be imported, without manage-users nobody compared, changed or rolled back, without view-identity-providers nobody knows whether SSO identities lead anywhere.',
    remedy: 'Give the roles, of the client realm-management, to the service account of the client.',
    kind: 'operational',
    names: 'things',
  },
  KEYCLOAK_PLAIN_HTTP: {
    severity: 'warning',
    title: 'Keycloak is asked without TLS, over a network',
    why: "The client's secret and the password hashes would travel in clear: whoever listens has them.",
    remedy: 'Give an https:// address as `url`, or run syn2op on the machine of Keycloak.',
    kind: 'operational',
    names: 'things',
  },
  KEYCLOAK_PROVIDER_MISSING: {
    severity: 'error',
    title: 'Keycloak cannot check the passwords of Synapse',
    why: "Keycloak knows no bcrypt by itself and takes the hashes without a word; every password would then be refused as wrong. syn2op's provider checks them.",
    remedy:
      "Put the jar into Keycloak's providers/ (`syn2op keycloak provider --out DIR`), on every node, and restart it; before `start --optimized` also `kc.sh build`.",
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_PROVIDER_VERSION: {
    severity: 'warning',
    title: "Keycloak has another version of syn2op's provider",
    why: 'What the tests of this syn2op say of passwords they say of the provider that comes with it.',
    remedy: 'Replace the jar by the one of this syn2op (`syn2op keycloak provider --out DIR`) and restart Keycloak.',
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_PROVIDER_BROKEN: {
    severity: 'error',
    title: "syn2op's provider does not work in this Keycloak",
    why: 'It checks a known hash when Keycloak starts, and that failed: bcrypt is missing there, as in FIPS mode. Every password would be refused as wrong.',
    remedy: 'Start Keycloak without FIPS mode until people have logged in once.',
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_PEPPER: {
    severity: 'error',
    title: 'The peppers of Synapse and Keycloak differ',
    why: 'Every password would be refused as wrong. Keycloak proves which pepper it has without telling it; of a cluster, the nodes that answered.',
    remedy:
      "Give Keycloak Synapse's `password_config.pepper` as spi-password-hashing--synapse-bcrypt--pepper in conf/keycloak.conf, or remove it where Synapse has none.",
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_PEPPER_UNPROVED: {
    severity: 'warning',
    title: 'Whether Keycloak has the pepper of Synapse cannot be seen',
    why: 'It says that it has a pepper but proves none. With another pepper every password would be refused as wrong.',
    remedy: 'Try the password of somebody who migrates: `syn2op verify --canaries FILE`.',
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_PEPPER_WEAK: {
    severity: 'warning',
    title: 'The pepper can be guessed by administrators of a realm',
    why: 'Short, made of words or copied from a sample, it can be guessed against the proof that Keycloak shows in its server information, by whoever may read that, without asking Keycloak again. A pepper is of use only as long as it is secret.',
    remedy:
      'Trust who administers a realm of this Keycloak, or accept it. Once people have logged in, the provider and the pepper can go: `syn2op status --upgraded` counts who has not.',
    kind: 'data',
    names: 'things',
  },
  KEYCLOAK_NODES: {
    severity: 'notice',
    title: 'Several nodes of Keycloak have answered',
    why: 'Each has its own provider and pepper. Those that answered were looked at; a node that did not answer may still have others.',
    remedy: 'See that every node has the same provider and pepper.',
    kind: 'operational',
    names: 'things',
  },
  KEYCLOAK_STATISTICS_OLD: {
    severity: 'notice',
    title: "The planner statistics of Keycloak's database are old",
    why: 'PostgreSQL plans its queries by them. A load of thousands of users into tables that it takes for empty is four times slower until it looks again; a run has it look where `database` in keycloak.yaml is a role that may.',
    remedy:
      'In the database of Keycloak: `ANALYZE user_entity, credential, user_attribute, federated_identity, user_role_mapping;`',
    kind: 'operational',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
