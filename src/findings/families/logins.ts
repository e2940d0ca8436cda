import { sql } from 'kysely'
import { resetsPassword } from '../../accounts/decisions/predicted-parts.ts'
import { counted } from '../../report/counted.ts'
import { accountsByIdentity, open } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** Findings about how people log in today, and whether they can afterwards. */
export const LOGIN_FINDINGS = {
  ACCOUNTS_WITHOUT_LOGIN: {
    severity: 'warning',
    title: 'People without a way to log in',
    why: 'They have neither a password nor an SSO identity that the target will know. Their sessions go on, but once logged out they stay out.',
    remedy:
      'Set a password or link an SSO identity for each at the target, or map their provider under `providers` in the mapping; `accounts.without_login: hold_back` holds them back.',
    remedyAt: {
      auth0:
        'Have each add an e-mail address in Synapse before: then "Forgot password?" lets them set a password at Auth0. Or name their provider under `identity_providers` in auth0.yaml, or set a password for each at Auth0; `accounts.without_login: hold_back` holds back all who have neither password nor identity.',
    },
    kind: 'data',
    counted: {
      by: 'query',
      query: (subject) =>
        accountsByIdentity(
          subject,
          sql`${open} AND NOT is_guest AND password_hash IS NULL AND NOT has_identity
            AND NOT ${resetsPassword(subject.rules) ?? sql`false`}`,
        ),
      say: ({ count, passwords }) =>
        `${counted(count, 'person has', 'people have')} neither a password nor an SSO identity that the target will know${passwords === 'by e-mail' ? ', nor an e-mail address to set a password with' : ''}`,
    },
  },
  PASSWORD_PROVIDERS: {
    severity: 'warning',
    title: 'Logins that only a module of Synapse knows',
    why: 'A module or password provider (LDAP, REST, shared secret …) decides some logins. It leaves no password in the database, and the target does not ask it: who logs in through it has no way in afterwards.',
    remedy:
      'Connect what stands behind the module to the target as an upstream provider, and link these people to it; or set passwords for them.',
    kind: 'data',
    names: 'things',
  },
  JWT_LOGINS_END: {
    severity: 'warning',
    title: 'Logins with JSON web tokens end',
    why: 'Synapse lets people in who bring a signed token (`jwt_config`). Such logins leave no trace in the database, and MAS has none.',
    remedy: 'Let the service that signs these tokens become an upstream provider of MAS.',
    kind: 'data',
    targets: ['mas'],
  },
  PASSWORDS_REOPEN: {
    severity: 'warning',
    title: 'Passwords that count no longer would count again',
    why: 'Synapse takes no passwords of its own database, so these hashes open nothing today. They are carried; where the target takes passwords, they let people in again, also those who were to come through SSO alone.',
    remedy:
      'Where the setting was changed for the cut-over, put it back until `migrate` and `verify` are done. Where nobody is to log in with a password: switch passwords off at the target (MAS: `passwords.enabled: false`). Or accept it.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
