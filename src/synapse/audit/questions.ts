import { type RawBuilder, sql } from 'kysely'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import type { Question } from '../../accounts/decisions/tally.ts'
import { LATEST_MS } from '../../accounts/decisions/time.ts'
import type { FindingCode } from '../../report/findings/catalogue.ts'
import type { Relations } from '../relations.ts'

/** A question whose answer, when above 0, is a finding. */
export interface AuditQuestion extends Question {
  readonly code: FindingCode
  /** The sentence of the finding. */
  readonly say: (count: string) => string
}

const migrating = sql`reason IS NULL`
const open = sql`reason IS NULL AND NOT is_deactivated AND NOT is_locked`

/** What is asked of the decided rows beyond their reasons. */
export const auditQuestions = (relations: Relations, rules: DecisionRules): readonly AuditQuestion[] => [
  {
    name: 'guests',
    relation: 'account',
    where: sql`${migrating} AND is_guest`,
    code: 'GUESTS',
    say: (count) => `${count} guests are written without their sessions`,
  },
  {
    name: 'withoutLogin',
    relation: 'account',
    where: sql`${open} AND NOT is_guest AND password_hash IS NULL AND NOT ${hasIdentity(relations, rules)}`,
    code: 'ACCOUNTS_WITHOUT_LOGIN',
    say: (count) => `${count} people have neither a password nor an SSO identity that MAS will know`,
  },
  {
    name: 'shadowBanned',
    relation: 'account',
    where: sql`${open} AND is_shadow_banned`,
    code: 'SHADOW_BANS_END',
    say: (count) => `${count} accounts are shadow-banned and will not be`,
  },
  {
    name: 'unapproved',
    relation: 'account',
    where: sql`${open} AND NOT is_approved`,
    code: 'UNAPPROVED_OPEN',
    say: (count) => `${count} accounts wait for approval and will open`,
  },
  {
    name: 'expired',
    relation: 'account',
    where: sql`${open} AND mxid IN (
      SELECT v.user_id FROM ${relations.accountValidity} v WHERE v.expiration_ts_ms <= ${sql.lit(rules.asOf)}
    )`,
    code: 'EXPIRED_OPEN',
    say: (count) => `${count} accounts have expired and will open`,
  },
  {
    name: 'notBcrypt',
    relation: 'password',
    where: sql`${migrating} AND (length(password_hash) <> 60 OR password_hash !~ '^[$]2[abxy][$][0-9]{2}[$][./A-Za-z0-9]{53}$')`,
    code: 'HASHES_NOT_BCRYPT',
    say: (count) => `${count} password hashes are not bcrypt`,
  },
  {
    name: 'refusedDevices',
    relation: 'session',
    where: sql`${migrating} AND (device_id = '' OR length(device_id) > 255)`,
    code: 'DEVICES_REFUSED',
    say: (count) => `${count} devices have an id that is empty or longer than 255 characters`,
  },
  {
    name: 'phones',
    relation: 'threepid',
    where: sql`${migrating} AND medium <> 'email'`,
    code: 'PHONES',
    say: (count) => `${count} phone numbers and other addresses are kept aside`,
  },
  {
    name: 'strayTimes',
    relation: 'session',
    where: sql`${migrating} AND (last_seen_ms IN (0, ${sql.lit(LATEST_MS)}) OR created_ms IN (0, ${sql.lit(LATEST_MS)}))`,
    code: 'TIMES_OUT_OF_RANGE',
    say: (count) => `${count} devices have a time at or beyond the edge of 1970 to 9999`,
  },
]

const hasIdentity = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  const carried = rules.providers.filter(({ target }) => target !== 'leave')
  if (carried.length === 0) return sql`false`
  return sql`mxid IN (
    SELECT e.user_id
    FROM ${relations.externalIds} e
    WHERE e.auth_provider IN (${sql.join(carried.map(({ authProvider }) => sql.lit(authProvider)))})
  )`
}
