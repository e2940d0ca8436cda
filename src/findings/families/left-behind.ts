import { sql } from 'kysely'
import { groupedBy, hasRow, open, rowsOfAccounts, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** Findings about what stays in Synapse, or is not taken along. */
export const LEFT_BEHIND_FINDINGS = {
  CONSENTS_LEFT: {
    severity: 'notice',
    title: 'Agreements to terms that stay behind',
    why: 'Which version of the terms somebody agreed to stays in Synapse’s table users. MAS asks nobody again who has an account, and does not know that they agreed.',
    remedy:
      'Keep a copy of users.consent_version and consent_ts, if you must prove it: they stay in Synapse’s database.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [
        {
          of: 'account',
          where: ({ raw }) =>
            sql`${open} AND ${hasRow(raw('users', 'consent_version'), sql`x.name = mxid AND x.consent_version IS NOT NULL`)}`,
        },
      ],
      say: told('person has', 'people have', ' agreed to terms; that stays in Synapse'),
    },
  },
  REGISTRATION_TOKENS_LEFT: {
    severity: 'notice',
    title: 'Registration tokens that end',
    why: 'Invitations that can still be used at Synapse. With MAS, Synapse registers nobody; MAS has registration tokens of its own.',
    remedy: 'Make new ones at MAS: `mas-cli manage issue-user-registration-token --help`.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'query',
      tables: ['registration_tokens'],
      query: ({ raw, rules }) => {
        const tokens = raw('registration_tokens', 'uses_allowed', 'pending', 'completed', 'expiry_time')
        if (tokens === undefined) return undefined
        return groupedBy(
          sql`NULL::text`,
          sql`NULL::text`,
          sql`FROM ${tokens} t
            WHERE (t.expiry_time IS NULL OR t.expiry_time > ${sql.lit(rules.asOf)})
              AND (t.uses_allowed IS NULL OR t.completed + t.pending < t.uses_allowed)`,
        )
      },
      say: told(
        'registration token that can still be used is',
        'registration tokens that can still be used are',
        ' left',
      ),
    },
  },
  BACKCHANNEL_LOGOUTS_END: {
    severity: 'notice',
    title: 'Devices that a provider’s logout no longer reaches',
    why: 'Synapse remembers which session at the provider a device was logged in by, so that a logout there ends it (`backchannel_logout_enabled`). That is left: a session that is carried goes on until it is ended at the target.',
    remedy: 'Where a logout at the provider must end everything: end these sessions at the target after the cut-over.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'query',
      tables: ['device_auth_providers'],
      query: (subject) => {
        const { backchannelLogouts: names } = subject
        const devices = subject.raw('device_auth_providers', 'user_id', 'auth_provider_id')
        if (names.length === 0) return undefined
        return rowsOfAccounts(
          subject,
          devices,
          sql`t.auth_provider_id IN (${sql.join(names.map((name) => sql.lit(name)))})`,
        )
      },
      say: told(
        'device was logged in by a session at a provider, which is forgotten',
        'devices were logged in by sessions at a provider, which are forgotten',
      ),
    },
  },
  LOGIN_TOKENS_LEFT: {
    severity: 'notice',
    title: 'Logins that are under way',
    why: 'Tokens for the last step of a login, good for minutes. They are left: who is in the middle of it begins again.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'query',
      tables: ['login_tokens'],
      query: (subject) =>
        rowsOfAccounts(
          subject,
          subject.raw('login_tokens', 'user_id', 'used_ts', 'expiry_ts'),
          sql`t.used_ts IS NULL AND t.expiry_ts > ${sql.lit(subject.rules.asOf)}`,
        ),
      say: told('login is', 'logins are', ' under way and must be begun again'),
    },
  },
  RATE_LIMITS_KEPT: {
    severity: 'notice',
    title: 'Rate limits of their own',
    why: 'Synapse keeps them and goes on counting by them; the target has limits of its own for logins, and knows of no exception.',
    remedy: 'Nothing to do. For bots that log in often, look at the limits of the target (MAS: `rate_limiting`).',
    asks: false,
    kind: 'data',
    counted: {
      by: 'query',
      tables: ['ratelimit_override'],
      query: (subject) => rowsOfAccounts(subject, subject.raw('ratelimit_override', 'user_id')),
      say: told('account has', 'accounts have', ' a rate limit of its own, which stays in Synapse'),
    },
  },
} as const satisfies Record<string, FindingEntry>
