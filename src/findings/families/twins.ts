import type { FindingEntry } from '../entry.ts'

/** Findings about names and addresses that the target takes for the same, and Synapse does not. */
export const TWIN_FINDINGS = {
  USERNAME_TWINS: {
    severity: 'warning',
    title: 'Usernames that the target takes for one',
    why: 'They differ in capitals only. Each is let in under the exact spelling, as today; who types it in another is told that there is no such account.',
    remedy:
      'Tell these people to type their name exactly as it is written, or deactivate the account that nobody uses.',
    kind: 'data',
  },
  EMAIL_SHARED: {
    severity: 'warning',
    title: 'E-mail addresses that several accounts share, capitals aside',
    why: 'MAS finds more than one account under such an address and then takes none: logging in with it and recovering a password stop for all of them, without a word. Keycloak lets one account only have it; what becomes of the others, `conflicts.email` in the mapping says.',
    remedy: 'Ask whose address it is, and remove it from the other account in Synapse before the migration.',
    kind: 'data',
  },
  EMAIL_TWINS: {
    severity: 'warning',
    title: 'E-mail addresses that one account has in several spellings',
    why: 'The target finds the address twice and then takes none: logging in with it and recovering a password stop, without a word.',
    remedy: 'Remove all spellings but one from the account in Synapse before the migration.',
    kind: 'data',
    targets: ['mas'],
  },
} as const satisfies Record<string, FindingEntry>
