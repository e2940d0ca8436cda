import { type RawBuilder, sql } from 'kysely'
import { counted, numbered } from '../../report/counted.ts'
import { carried, groupedBy, told } from '../conditions.ts'
import type { CountedQuery } from '../counting.ts'
import type { FindingEntry } from '../entry.ts'

/** 60 characters without a line's end, with a prefix that Synapse’s bcrypt takes. */
const isBcrypt = sql`(octet_length(password_hash) = 60 AND password_hash ~ '^[$]2[abxy][$][0-9][0-9][$]')`

/** Two digits: twice as much work for each one more. */
const cost = sql`substr(password_hash, 5, 2)`

/** Synapse’s own default is 12. */
const CHEAP = 10
const DEAR = 14

const costs =
  (condition: RawBuilder<unknown>): CountedQuery['query'] =>
  ({ decisions, isCounted }) =>
    sql`
    WITH ${decisions}
    ${groupedBy(
      cost,
      sql`NULL::text`,
      sql`FROM password WHERE ${carried} AND ${isBcrypt} AND ${condition} AND ${isCounted(sql`password.mxid`)}`,
    )}`

const digits = (value: number): RawBuilder<unknown> => sql.lit(String(value).padStart(2, '0'))

/** Findings about password hashes. */
export const PASSWORD_FINDINGS = {
  HASHES_NOT_BCRYPT: {
    severity: 'warning',
    title: 'Password hashes that are not bcrypt',
    why: 'Of another algorithm, cut short, or with a line’s end behind them. They are carried as they are, but no password will ever fit them; Synapse refuses such a login too.',
    remedy:
      "Set a new password for each (MAS: `mas-cli manage set-password NAME`). Who they are: `SELECT name FROM users WHERE left(password_hash, 2) <> '$2';`",
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [{ of: 'password', where: () => sql`${carried} AND NOT ${isBcrypt}` }],
      say: told('password hash is', 'password hashes are', ' not bcrypt: no password will fit'),
    },
  },
  HASH_COSTS: {
    severity: 'notice',
    title: 'What the password hashes cost',
    why: 'Each bcrypt hash says how much work it takes to try a password; a cost one higher is twice the work. They are carried as they are.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'query',
      query: costs(sql`true`),
      say: ({ count, groups }) =>
        `${counted(count, 'bcrypt hash', 'bcrypt hashes')}: ${groups.map((one) => `${numbered(one.count)} of cost ${Number(one.name)}`).join(', ')}`,
    },
  },
  HASHES_CHEAP: {
    severity: 'warning',
    title: 'Password hashes that are cheap to crack',
    why: 'A cost below 10 is less than a quarter of the work of Synapse’s default, 12: who gets hold of the database tries so many more passwords. They are carried, and stay as cheap until the target hashes each anew at its next login.',
    remedy:
      'Keycloak hashes anew by itself; give MAS a newer password scheme than bcrypt (argon2id) in `passwords.schemes`.',
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [{ of: 'password', where: () => sql`${carried} AND ${isBcrypt} AND ${cost} < ${digits(CHEAP)}` }],
      say: told('password hash has', 'password hashes have', ` a cost below ${CHEAP}`),
    },
  },
  HASHES_DEAR: {
    severity: 'warning',
    title: 'Password hashes that take seconds to check',
    why: 'Each login with one keeps a processor busy for a second or more (a cost of 15: about two); many at once, as on the morning after a migration, make everybody wait.',
    remedy: 'Give the target processors enough for the first day, or accept it.',
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [{ of: 'password', where: () => sql`${carried} AND ${isBcrypt} AND ${cost} > ${digits(DEAR)}` }],
      say: told('password hash has', 'password hashes have', ` a cost above ${DEAR}`),
    },
  },
} as const satisfies Record<string, FindingEntry>
