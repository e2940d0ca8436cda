import { sql } from 'kysely'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { accountsByIdentity, carried, hasRow, open, rowsOfAccounts, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** Whether a setting keeps them out today: rows stay when it is switched off. */
const keepsOut = ({ keepsOut: whom = [] }: DecisionRules, who: 'expired' | 'unapproved'): boolean => whom.includes(who)

/** Findings about what Synapse keeps of an account’s state, and what becomes of it. */
export const ACCOUNT_STATE_FINDINGS = {
  SHADOW_BANS_END: {
    severity: 'warning',
    title: 'Shadow bans that end',
    why: 'With MAS, Synapse no longer looks at the shadow ban of whoever sends a request.',
    remedy:
      'If they must stay banned, lock each before the migration: `PUT /_synapse/admin/v2/users/@name:server with {"locked": true}` (Synapse’s admin API); or at MAS: `mas-cli manage lock-user NAME`.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'account', where: () => sql`${open} AND is_shadow_banned` }],
      say: told('account is', 'accounts are', ' shadow-banned today and will not be with MAS'),
    },
  },
  UNAPPROVED_OPEN: {
    severity: 'warning',
    title: 'Accounts that wait for approval and will open',
    why: 'MAS knows no approval: whoever has a password will be let in.',
    remedy:
      'Before the migration: `PUT /_synapse/admin/v2/users/@name:server with {"approved": true}` (Synapse’s admin API) approves one, `{"locked": true}` keeps one out.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [
        {
          of: 'account',
          where: ({ rules }) => (keepsOut(rules, 'unapproved') ? sql`${open} AND NOT is_approved` : sql`false`),
        },
      ],
      say: told('account waits', 'accounts wait', ' for approval and will be open'),
    },
  },
  EXPIRED_OPEN: {
    severity: 'warning',
    title: 'Accounts that have expired and will open',
    why: 'Account validity is not enforced with MAS: whoever was shut out by it will be let in.',
    remedy:
      'If they must stay out, lock each before the migration: `PUT /_synapse/admin/v2/users/@name:server with {"locked": true}` (Synapse’s admin API); or at MAS: `mas-cli manage lock-user NAME`.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [
        {
          of: 'account',
          where: ({ relations, rules }) =>
            keepsOut(rules, 'expired')
              ? sql`${open} AND ${hasRow(relations.accountValidity, sql`x.user_id = mxid AND x.expiration_ts_ms <= ${sql.lit(rules.asOf)}`)}`
              : sql`false`,
        },
      ],
      say: told('account has', 'accounts have', ' expired and will be open again'),
    },
  },
  LOCKED: {
    severity: 'notice',
    title: 'Locked accounts',
    why: 'They are written as locked: MAS tells Synapse who is locked, and would else unlock them. Since when is not known, so the time of their creation stands there.',
    remedy: 'Nothing to do. To unlock one afterwards: `mas-cli manage unlock-user NAME`.',
    asks: false,
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'account', where: () => sql`${carried} AND is_locked` }],
      say: told('locked account stays', 'locked accounts stay', ' locked'),
    },
  },
  SUSPENDED: {
    severity: 'notice',
    title: 'Suspended accounts',
    why: 'A suspension is Synapse’s own and stays there: they can log in, and may do as little as today. The target neither shows nor lifts it.',
    remedy: 'Nothing to do. The admin API of Synapse lifts a suspension, before and after.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [
        {
          of: 'account',
          where: ({ relations }) => sql`${carried} AND ${hasRow(relations.users, sql`x.name = mxid AND x.suspended`)}`,
        },
      ],
      say: told('account is', 'accounts are', ' suspended, and Synapse goes on holding them to it'),
    },
  },
  ADMINS: {
    severity: 'notice',
    title: 'Server administrators',
    why: 'Their sessions stay those of administrators. A session begun at MAS is one only where the client asks for `urn:synapse:admin:*`, which most clients do not; their accounts are allowed to ask.',
    remedy:
      'For scripts: `mas-cli manage issue-compatibility-token NAME --yes-i-want-to-grant-synapse-admin-privileges`.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'account', where: () => sql`${open} AND is_admin` }],
      say: told(
        'server administrator is one in a new session only where the client asks for it',
        'server administrators are such in a new session only where the client asks for it',
      ),
    },
  },
  DEACTIVATED_WITH_IDENTITIES: {
    severity: 'notice',
    title: 'Deactivated accounts with SSO identities',
    why: 'Synapse keeps the identities of whom it deactivates, and they are carried: who comes back through the provider finds a closed account and cannot make a new one.',
    remedy: 'Nothing to do. To let somebody begin anew, delete the link at the target.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'query',
      query: (subject) => accountsByIdentity(subject, sql`${carried} AND is_deactivated AND has_identity`),
      say: told('deactivated account still has', 'deactivated accounts still have', ' an SSO identity'),
    },
  },
  DEACTIVATION_PENDING: {
    severity: 'notice',
    title: 'Deactivations that Synapse has not finished',
    why: 'Synapse is still taking these accounts out of their rooms. It goes on with that afterwards; an account that is not yet marked as deactivated migrates open.',
    remedy: 'Let Synapse run until its table users_pending_deactivation is empty.',
    kind: 'data',
    counted: {
      by: 'query',
      tables: ['users_pending_deactivation'],
      query: (subject) => rowsOfAccounts(subject, subject.raw('users_pending_deactivation', 'user_id')),
      say: told('account is', 'accounts are', ' still being deactivated by Synapse'),
    },
  },
  ERASED: {
    severity: 'notice',
    title: 'People who asked to be erased',
    why: 'That they did is kept by Synapse alone, and stays there: the target learns that an account is deactivated, not that it is erased. Reactivated there, its messages stay hidden.',
    remedy: 'Nothing to do. To hold their names back: `accounts.deactivated: hold_back` in the mapping.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'rows',
      tables: ['erased_users'],
      rows: [
        {
          of: 'account',
          where: ({ raw }) => sql`${carried} AND ${hasRow(raw('erased_users', 'user_id'), sql`x.user_id = mxid`)}`,
        },
      ],
      say: told('account that migrates has', 'accounts that migrate have', ' asked Synapse to be erased'),
    },
  },
} as const satisfies Record<string, FindingEntry>
