import { sql } from 'kysely'
import { counted } from '../../report/counted.ts'
import { carried, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** Findings about e-mail addresses, phones and SSO identities. */
export const IDENTITY_FINDINGS = {
  PHONES: {
    severity: 'notice',
    title: 'Phone numbers and other addresses',
    why: 'The target keeps them aside and does nothing with them: nobody can log in or be found by them.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    targets: ['mas', 'keycloak'],
    counted: {
      by: 'rows',
      rows: [{ of: 'threepid', where: () => sql`${carried} AND medium <> 'email'` }],
      say: told('phone number or other address is', 'phone numbers and other addresses are', ' kept aside'),
    },
  },
  EMAIL_OLD: {
    severity: 'notice',
    title: 'E-mail addresses that Synapse itself set aside',
    why: 'Duplicates from 2016 under the medium email_old; they are nobody’s address now and are left.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['email_old'],
      say: ({ count }) =>
        `${counted(count, 'address', 'addresses')} of the medium email_old ${count === 1 ? 'is' : 'are'} left`,
    },
  },
  VALUES_TOO_LONG: {
    severity: 'warning',
    title: 'Values too long for an index of the target',
    why: 'PostgreSQL cannot index a value of more than about 2,700 bytes. These identities or addresses are left.',
    remedy: 'Shorten them, if anybody uses them.',
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['too_long_for_index'],
      say: told(
        'identity or address is too long for an index and is',
        'identities or addresses are too long for an index and are',
        ' left',
      ),
    },
  },
  DUPLICATE_SUBJECTS: {
    severity: 'warning',
    title: 'One subject twice under one provider',
    why: 'Two of Synapse’s provider names lead to one provider of the target, and both know this subject. The identity under the provider’s own name is carried.',
    remedy: 'Look at the identities that are left; correct `providers` in the mapping if they belong elsewhere.',
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['duplicate_subject'],
      say: told(
        'SSO identity shares its subject with another one and is',
        'SSO identities share their subject with another one and are',
        ' left',
      ),
    },
  },
  SEVERAL_IDENTITIES: {
    severity: 'notice',
    title: 'People with several identities of one provider',
    why: 'Synapse lets one account have many; MAS takes all, and each of them logs in; Keycloak takes one of each provider, and the others stay behind; at Auth0 the Action links each of them, and SCIM one at most.',
    remedy: 'Nothing to do, if the same person stands behind each.',
    kind: 'data',
    names: 'things',
  },
  PROVIDER_NAMES_ALIKE: {
    severity: 'warning',
    title: 'Provider names that are nearly another’s',
    why: 'The admin API takes any name for a provider: one in other capitals, without its prefix `oidc-`, or none at all. Synapse finds no such identity at a login, and it is left unless the mapping says whose it is.',
    remedy: 'Say under `providers` in the mapping where they belong, or `leave`.',
    kind: 'data',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
