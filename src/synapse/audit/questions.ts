import { type RawBuilder, sql } from 'kysely'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import type { Question } from '../../accounts/decisions/tally.ts'
import { LATEST_MS } from '../../accounts/decisions/time.ts'
import type { Relation } from '../../accounts/relations.ts'
import { counted } from '../../report/counted.ts'
import type { FindingCode } from '../../report/findings/catalogue.ts'
import type { Relations } from '../relations.ts'

/** A question whose answer, when above 0, is a finding. */
export interface AuditQuestion extends Question {
  readonly code: FindingCode
  /** The sentence of the finding. */
  readonly say: (count: number) => string
}

const migrating = sql`reason IS NULL`
const open = sql`reason IS NULL AND NOT is_deactivated AND NOT is_locked`

/** Where a clamped time shows: on the edge itself. */
const STRAY_TIMES: readonly (readonly [Relation, string, string, string])[] = [
  ['account', 'owner_ms', 'account was created', 'accounts were created'],
  ['threepid', 'added_ms', 'address was added', 'addresses were added'],
  ['session', 'last_seen_ms', 'device was last seen', 'devices were last seen'],
]

/** What is asked of the decided rows beyond their reasons. */
export const auditQuestions = (relations: Relations, rules: DecisionRules): readonly AuditQuestion[] => [
  {
    name: 'guests',
    relation: 'account',
    where: sql`${migrating} AND is_guest`,
    code: 'GUESTS',
    say: (count) => `${counted(count, 'guest is', 'guests are')} written without sessions`,
  },
  {
    name: 'withoutLogin',
    relation: 'account',
    where: sql`${open} AND NOT is_guest AND password_hash IS NULL AND NOT ${hasIdentity(relations, rules)}`,
    code: 'ACCOUNTS_WITHOUT_LOGIN',
    say: (count) =>
      `${counted(count, 'person has', 'people have')} neither a password nor an SSO identity that MAS will know`,
  },
  {
    name: 'shadowBanned',
    relation: 'account',
    where: sql`${open} AND is_shadow_banned`,
    code: 'SHADOW_BANS_END',
    say: (count) => `${counted(count, 'account is', 'accounts are')} shadow-banned today and will not be with MAS`,
  },
  {
    name: 'unapproved',
    relation: 'account',
    where: sql`${open} AND NOT is_approved`,
    code: 'UNAPPROVED_OPEN',
    say: (count) => `${counted(count, 'account waits', 'accounts wait')} for approval and will be open`,
  },
  {
    name: 'expired',
    relation: 'account',
    where: sql`${open} AND mxid IN (
      SELECT v.user_id FROM ${relations.accountValidity} v WHERE v.expiration_ts_ms <= ${sql.lit(rules.asOf)}
    )`,
    code: 'EXPIRED_OPEN',
    say: (count) => `${counted(count, 'account has', 'accounts have')} expired and will be open again`,
  },
  {
    name: 'notBcrypt',
    relation: 'password',
    where: sql`${migrating} AND (octet_length(password_hash) <> 60 OR password_hash !~ '^[$]2[abxy][$][0-9][0-9][$]')`,
    code: 'HASHES_NOT_BCRYPT',
    say: (count) => `${counted(count, 'password hash is', 'password hashes are')} not bcrypt: no password will fit`,
  },
  {
    name: 'refusedDevices',
    relation: 'session',
    where: sql`${migrating} AND (device_id = '' OR length(device_id) > 255)`,
    code: 'DEVICES_REFUSED',
    say: (count) => `${counted(count, 'device has', 'devices have')} an id that is empty or longer than 255 characters`,
  },
  {
    name: 'phones',
    relation: 'threepid',
    where: sql`${migrating} AND medium <> 'email'`,
    code: 'PHONES',
    say: (count) =>
      `${counted(count, 'phone number or other address is', 'phone numbers and other addresses are')} kept aside`,
  },
  ...STRAY_TIMES.map(
    ([relation, column, one, many]): AuditQuestion => ({
      name: `strayTimes ${relation}`,
      relation,
      where: sql`${migrating} AND ${sql.id(column)} IN (0, ${sql.lit(LATEST_MS)})`,
      code: 'TIMES_OUT_OF_RANGE',
      say: (count) => `${counted(count, one, many)} at the edge of 1970 to 9999, or beyond it`,
    }),
  ),
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
