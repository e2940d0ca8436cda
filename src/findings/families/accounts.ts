import { sql } from 'kysely'
import { someDecisions } from '../../accounts/decisions/some-accounts.ts'
import { byGroup, carried, groupedBy, hasRow, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** Findings about what accounts are: whom a migration leaves out, and who is no ordinary person. */
export const ACCOUNT_FINDINGS = {
  GUESTS: {
    severity: 'warning',
    title: 'Guests',
    why: 'MAS has no guests that log in. Their accounts are written as guests, without sessions: who uses one now is logged out.',
    remedy: 'Tell them to register, or hold them back with `accounts.guests: hold_back` in the mapping.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'account', where: () => sql`${carried} AND is_guest` }],
      say: told('guest is', 'guests are', ' written without sessions'),
    },
  },
  GUESTS_UPGRADED: {
    severity: 'notice',
    title: 'Guests who became people',
    why: 'Their names are numbers and their time of creation is the guest’s; they are carried like everybody, their left-over device guest_device too.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [
        {
          of: 'account',
          where: ({ raw }) =>
            sql`${carried} AND NOT is_guest AND ${hasRow(raw('users', 'upgrade_ts'), sql`x.name = mxid AND x.upgrade_ts IS NOT NULL`)}`,
        },
      ],
      say: told('person was', 'people were', ' a guest once'),
    },
  },
  FOREIGN_ACCOUNTS: {
    severity: 'warning',
    title: 'Accounts of other server names',
    why: 'Their names end in another server’s name, so nobody can log in to them here. They are held back, with their devices and tokens.',
    remedy:
      "Look whether `server_name` is right: `SELECT substr(name, strpos(name, ':') + 1), count(*) FROM users GROUP BY 1;` If it is, they are leftovers.",
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['foreign_server_name'],
      say: told(
        'account belongs to another server name and is',
        'accounts belong to other server names and are',
        ' held back',
      ),
    },
  },
  MALFORMED_ACCOUNTS: {
    severity: 'warning',
    title: 'Accounts whose name is no Matrix id',
    why: 'A name is NULL, lacks the @ or the colon, has nothing between them or a colon too many. They are held back.',
    remedy:
      "Nobody can use them today; look at them: `SELECT name FROM users WHERE name !~ '^@[^:]+:[^:]+(:[0-9]+)?$';`",
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['malformed_mxid', 'localpart_with_colon'],
      say: told(
        'account has a name that is no Matrix id and is',
        'accounts have a name that is no Matrix id and are',
        ' held back',
      ),
    },
  },
  USER_TYPES: {
    severity: 'notice',
    title: 'Accounts with a user type',
    why: 'Synapse’s user types (bot, support, or one of your own) stay in Synapse and go on counting there; at the target they are ordinary people, and who has their password can log in.',
    remedy: 'Nothing to do. To hold bots and support accounts back: `accounts.bots: hold_back` in the mapping.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'query',
      tables: ['users'],
      query: ({ raw, relations, rules, isCounted }) => {
        if (raw('users', 'user_type') === undefined) return undefined
        const typed = { users: sql`x.user_type IS NOT NULL`, tokens: sql`false` }
        return sql`
          WITH ${someDecisions(relations, rules, typed)}
          ${groupedBy(
            sql`(SELECT u.user_type FROM ${relations.users} u WHERE u.name = account.mxid)`,
            sql`account.mxid`,
            sql`FROM account WHERE ${carried} AND ${isCounted(sql`account.mxid`)}`,
          )}`
      },
      say: (found) =>
        `${told('account that migrates has', 'accounts that migrate have', ' a user type')(found)}: ${byGroup(found)}`,
      remedies: ({ groups }) => [
        groups.some(({ name }) => ['bot', 'support'].includes(name))
          ? 'Nothing to do. To hold bots and support accounts back: `accounts.bots: hold_back` in the mapping.'
          : 'Nothing to do.',
      ],
    },
  },
} as const satisfies Record<string, FindingEntry>
