import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../postgres/statement.ts'
import type { ExplainedAccount, ExplainedRow } from '../../report/explanation.ts'
import type { Relations } from '../../synapse/relations.ts'

type Nullable<Row> = { readonly [Key in keyof Row]: Row[Key] | null }

interface AccountRow {
  readonly reason: string | null
  readonly createdAt: number
  readonly admin: boolean
  readonly guest: boolean
  readonly locked: boolean
  readonly deactivated: boolean
  readonly shadowBanned: boolean
  readonly approved: boolean
  readonly expired: boolean
}

/** @param decisions the named queries of `decisions`, over this account alone or over all. */
export const readAccount = async (
  reader: Client,
  {
    decisions,
    relations,
    mxid,
    asOf,
  }: {
    readonly decisions: RawBuilder<unknown>
    readonly relations: Relations
    readonly mxid: string
    readonly asOf: number
  },
): Promise<ExplainedAccount | undefined> => {
  const [row] = await run<AccountRow>(
    reader,
    sql`
      WITH ${decisions}
      SELECT
        reason,
        owner_ms AS "createdAt",
        is_admin AS admin,
        is_guest AS guest,
        is_locked AS locked,
        is_deactivated AS deactivated,
        is_shadow_banned AS "shadowBanned",
        is_approved AS approved,
        EXISTS (
          SELECT FROM ${relations.accountValidity} v WHERE v.user_id = mxid AND v.expiration_ts_ms <= ${asOf}
        ) AS expired
      FROM account
      WHERE mxid = ${mxid}
    `,
  )
  if (row === undefined) return undefined
  const { reason, createdAt, ...flags } = row
  return {
    decision: reason === null ? 'migrate' : 'hold back',
    ...(reason === null ? {} : { reason }),
    createdAt: moment(createdAt),
    ...flags,
  }
}

/**
 * A query per relation, over all that is told of its rows. Times are milliseconds since 1970. What a hash or token is like is found out
 * where it stands, so that no secret leaves the database.
 */
const QUERIES: Readonly<Record<ExplainedRow['relation'], RawBuilder<unknown>>> = {
  password: sql`
    SELECT reason, CASE
      WHEN octet_length(password_hash) = 60 AND password_hash ~ '^[$]2[abxy][$][0-9][0-9][$]'
        THEN 'bcrypt, cost ' || substr(password_hash, 5, 2)::integer
      ELSE 'no bcrypt hash'
    END AS form
    FROM password
    WHERE mxid = `,
  threepid: sql`SELECT reason, medium, address, added_ms AS "addedAt" FROM threepid WHERE mxid = `,
  external_id: sql`SELECT reason, auth_provider AS "authProvider", subject FROM external_id WHERE mxid = `,
  session: sql`
    SELECT
      reason,
      device_id AS "deviceId",
      display_name AS "displayName",
      created_ms AS "createdAt",
      last_seen_ms AS "lastSeenAt"
    FROM session
    WHERE mxid = `,
  access_token: sql`
    SELECT
      reason,
      device_id AS "deviceId",
      ${tokenForm('syt_')} AS form,
      created_ms AS "createdAt",
      expires_ms AS "expiresAt"
    FROM access_token
    WHERE mxid = `,
  refresh_token: sql`
    SELECT reason, device_id AS "deviceId", ${tokenForm('syr_')} AS form, created_ms AS "createdAt"
    FROM refresh_token
    WHERE mxid = `,
}

function tokenForm(prefix: 'syt_' | 'syr_'): RawBuilder<unknown> {
  return sql`
    CASE
      WHEN left(token, 4) = ${sql.lit(prefix)} THEN ${sql.lit(`${prefix}…`)}
      WHEN left(token, 2) = 'MD' THEN 'macaroon'
      ELSE 'another form'
    END`
}

type Told = Nullable<Record<string, string | number>> & { readonly reason: string | null }

/** Every row that the account owns, with its decision. */
export const readRows = async (
  reader: Client,
  decisions: RawBuilder<unknown>,
  mxid: string,
): Promise<readonly ExplainedRow[]> => {
  const rows: ExplainedRow[] = []
  for (const [relation, query] of Object.entries(QUERIES)) {
    const found = await run<Told>(reader, sql<Told>`WITH ${decisions} ${query} ${mxid}`)
    const explained = found.map((row) => explainedRow(relation, row))
    rows.push(...explained.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)))
  }
  return rows
}

/** NULL is absent, and a time is a text; each query gives the fields of its relation. */
const explainedRow = (relation: string, { reason, ...fields }: Told): ExplainedRow =>
  ({
    relation,
    ...Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        value === null ? [] : [[name, typeof value === 'number' ? moment(value) : value]],
      ),
    ),
    decision: reason === null ? 'carry' : 'leave',
    ...(reason === null ? {} : { reason }),
  }) as ExplainedRow

const moment = (milliseconds: number): string => new Date(milliseconds).toISOString()
