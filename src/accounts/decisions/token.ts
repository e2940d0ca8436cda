import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { when } from './account.ts'
import { leftCase, livePersonCases, ownerCases } from './owner.ts'
import type { DecisionRules } from './rules.ts'
import { firstValidated, sessionCreated } from './session.ts'
import { clampMs } from './time.ts'

/**
 * Every access token: id, mxid, device_id (NULL: of no device), token, expires_ms, is_admin, owner_ms,
 * session_ms (its session's creation), created_ms (never NULL where carried), reason.
 */
export const decidedAccessToken = (
  relations: Relations,
  rules: DecisionRules,
  which: 'all' | 'of no device',
): RawBuilder<unknown> => sql`
  SELECT
    x.*,
    coalesce(x.validated_ms, x.session_ms) AS created_ms
  FROM (
    SELECT
      t.id,
      t.user_id AS mxid,
      t.device_id,
      t.token,
      ${clampMs(sql`t.valid_until_ms`)} AS expires_ms,
      ${clampMs(sql`t.last_validated`)} AS validated_ms,
      a.is_admin,
      a.owner_ms,
      ${which === 'all' ? sessionOfToken(relations) : sessionOfNoDevice} AS session_ms,
      CASE
        ${ownerCases}
        ${leftCase(rules, 'access_token')}
        ${when(sql`t.puppets_user_id IS NOT NULL`, 'puppet_token')}
        ${livePersonCases}
        ${when(sql`t.device_id IS NOT NULL AND d.device_id IS NULL`, 'device_gone')}
        ${when(sql`d.hidden`, 'device_hidden')}
        ${when(sql`r.user_id <> t.user_id OR (r.id IS NOT NULL AND t.device_id IS DISTINCT FROM r.device_id)`, 'refresh_token_mismatch')}
        ${when(sql`s.refresh_token_id IS NOT NULL`, 'superseded')}
        ${when(refreshTokenExpired(rules), 'refresh_token_expired')}
        ${when(sql`NOT ${acceptedAccessToken(sql`t.token`)}`, 'token_not_accepted')}
      END AS reason
    FROM ${relations.accessTokens} t
    LEFT JOIN account a ON a.mxid = t.user_id
    LEFT JOIN ${relations.devices} d ON d.user_id = t.user_id AND d.device_id = t.device_id
    ${which === 'all' ? joinSharedDevices(relations) : sql``}
    LEFT JOIN ${linkedTokens(relations).refreshTokens} r ON r.id = t.refresh_token_id
    LEFT JOIN ${usedPairs(linkedTokens(relations))} s ON s.refresh_token_id = r.next_token_id
    ${which === 'all' ? sql`` : sql`WHERE t.device_id IS NULL`}
    OFFSET 0
  ) x
`

const sessionOfNoDevice = sql`coalesce(${clampMs(sql`t.last_validated`)}, a.owner_ms)`

const sessionOfToken = (relations: Relations): RawBuilder<unknown> => sql`
  CASE WHEN t.device_id IS NULL THEN ${sessionOfNoDevice} ELSE ${sessionOfDevice(relations)} END`

/** Most devices have one token, and its validation is then the first. */
const sessionOfDevice = (relations: Relations): RawBuilder<unknown> =>
  sessionCreated(relations, sql`coalesce(f.first_validated, t.last_validated)`)

const joinSharedDevices = (relations: Relations): RawBuilder<unknown> => sql`
  LEFT JOIN ${firstValidated(relations, 'of several tokens')} f
    ON f.user_id = t.user_id AND f.device_id = t.device_id`

/**
 * Every refresh token: mxid, device_id, token, access_token (its pair's text), owner_ms, session_ms, created_ms
 * (its access token's), reason. Of several access tokens that point at one refresh token, the newest is its pair.
 */
export const decidedRefreshToken = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => sql`
  SELECT
    x.*,
    coalesce(x.validated_ms, x.session_ms) AS created_ms
  FROM (
    SELECT
      r.user_id AS mxid,
      r.device_id,
      r.token,
      t.token AS access_token,
      a.owner_ms,
      ${clampMs(sql`t.last_validated`)} AS validated_ms,
      ${sessionOfDevice(relations)} AS session_ms,
      CASE
        ${ownerCases}
        ${leftCase(rules, 'refresh_token')}
        ${livePersonCases}
        ${when(sql`d.device_id IS NULL`, 'device_gone')}
        ${when(sql`d.hidden`, 'device_hidden')}
        ${when(sql`p.refresh_token_id IS NULL`, 'no_access_token')}
        ${when(sql`p.access_token_id IS NULL`, 'refresh_token_mismatch')}
        ${when(sql`s.refresh_token_id IS NOT NULL`, 'superseded')}
        ${when(refreshTokenExpired(rules), 'refresh_token_expired')}
        ${when(sql`left(r.token, 4) <> 'syr_'`, 'token_not_accepted')}
        ${when(sql`NOT ${acceptedAccessToken(sql`t.token`)}`, 'no_access_token')}
      END AS reason
    FROM ${relations.refreshTokens} r
    LEFT JOIN account a ON a.mxid = r.user_id
    LEFT JOIN ${relations.devices} d ON d.user_id = r.user_id AND d.device_id = r.device_id
    LEFT JOIN ${newestPairs(linkedTokens(relations))} p ON p.refresh_token_id = r.id
    LEFT JOIN ${(relations.beyond?.whole ?? relations).accessTokens} t ON t.id = p.access_token_id
    ${joinSharedDevices(relations)}
    LEFT JOIN ${usedPairs(linkedTokens(relations))} s ON s.refresh_token_id = r.next_token_id
    OFFSET 0
  ) x
`

type LinkedTokens = Pick<Relations, 'accessTokens' | 'refreshTokens'>

/** Tokens point at tokens by their ids, which may be another account's. */
const linkedTokens = (relations: Relations): LinkedTokens => relations.beyond?.linked ?? relations

/** MAS knows no expiry of refresh tokens, so one that has expired by then would live again there. */
const refreshTokenExpired = ({ asOf }: DecisionRules): RawBuilder<unknown> =>
  sql`(r.expiry_ts <= ${sql.lit(asOf)} OR r.ultimate_session_expiry_ts <= ${sql.lit(asOf)})`

/**
 * Refresh tokens whose own access token has been used, or that were refreshed themselves: either is when Synapse voids
 * the token before. Source: seen on Synapse 1.163.2.
 */
const usedPairs = (relations: LinkedTokens): RawBuilder<unknown> => sql`
  (
    SELECT u.refresh_token_id
    FROM ${relations.accessTokens} u
    WHERE u.used AND u.refresh_token_id IS NOT NULL
    UNION
    SELECT n.id
    FROM ${relations.refreshTokens} n
    WHERE n.next_token_id IS NOT NULL
  )`

/** Per refresh token that any access token points at: the newest one of the same account and device, if any. */
const newestPairs = (relations: LinkedTokens): RawBuilder<unknown> => sql`
  (
    SELECT
      n.refresh_token_id,
      max(n.id) FILTER (
        WHERE n.user_id = o.user_id AND n.device_id = o.device_id AND n.puppets_user_id IS NULL
      ) AS access_token_id
    FROM ${relations.accessTokens} n
    JOIN ${relations.refreshTokens} o ON o.id = n.refresh_token_id
    GROUP BY n.refresh_token_id
  )`

/**
 * What MAS takes for a token of Synapse's: `syt_…`, or a macaroon, that is base64url without padding whose bytes
 * 4 to 12 read `location `. Only the first 20 characters are decoded, and only where they can be.
 * Source: MAS 1.22, TokenType::check.
 */
const acceptedAccessToken = (token: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE
    WHEN left(${token}, 4) = 'syt_' THEN true
    WHEN ${token} !~ '^[A-Za-z0-9_-]{20,}$' OR length(${token}) % 4 = 1 THEN false
    ELSE substring(decode(translate(left(${token}, 20), '-_', '+/'), 'base64') FROM 5 FOR 9) = 'location '::bytea
  END`
