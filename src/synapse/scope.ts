import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { sharedProviders } from '../accounts/decisions/external-id.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { run } from '../postgres/statement.ts'
import type { Relation, Relations } from './relations.ts'

export interface ScopeOptions {
  /** Of the whole source. */
  readonly relations: Relations
  readonly rules: Pick<DecisionRules, 'providers'>
  /** Connections within one snapshot, at least one. */
  readonly readers: readonly Client[]
  /** The Matrix ids of the accounts. */
  readonly accounts: readonly string[]
}

/**
 * The relations of some accounts only. The decision over them gives for these accounts exactly what it gives over the
 * whole source: what it depends on beyond their own rows is in `beyond`.
 *
 * The lists are put into settings of the readers' sessions: that works in a read-only transaction, on a standby, and in COPY,
 * which takes no parameters. The settings are those of the newest scope: a statement over an older one's relations
 * fails, as it does where a rollback has taken the settings back; so no statement ever means other accounts than it says.
 */
export const scopeRelations = async ({ relations, rules, readers, accounts }: ScopeOptions): Promise<Relations> => {
  const [reader] = readers
  if (reader === undefined) throw new TypeError('a scope needs at least one reader')
  const own = await enter(readers, 'accounts', accounts)
  const mxids = await withTwins(reader, relations, rules, accounts)
  const twins = await enter(readers, 'twins', mxids)
  const tokens = await run<{ own: readonly string[]; linked: readonly string[] }>(reader, tokenIds(relations, own))
  const refreshTokens = await enter(readers, 'refresh_tokens', tokens[0]?.own ?? [])
  const linked = await enter(readers, 'linked_tokens', tokens[0]?.linked ?? [])
  return {
    users: restricted(relations.users, 'name', own),
    threepids: restricted(relations.threepids, 'user_id', own),
    externalIds: restricted(relations.externalIds, 'user_id', own),
    devices: restricted(relations.devices, 'user_id', own),
    accessTokens: restricted(relations.accessTokens, 'user_id', own),
    refreshTokens: restricted(relations.refreshTokens, 'id', asIds(refreshTokens)),
    // Looked up device by device.
    deviceKeys: relations.deviceKeys,
    accountValidity: restricted(relations.accountValidity, 'user_id', own),
    backgroundUpdates: relations.backgroundUpdates,
    // Looked up name by name.
    profiles: relations.profiles,
    beyond: {
      whole: relations,
      linked: {
        accessTokens: restricted(relations.accessTokens, 'refresh_token_id', asIds(linked)),
        refreshTokens: restricted(relations.refreshTokens, 'id', asIds(linked)),
      },
      twins: {
        mxids,
        users: restricted(relations.users, 'name', twins),
        externalIds: restricted(relations.externalIds, 'user_id', twins),
      },
      accounts: own,
    },
  }
}

const restricted = (relation: Relation, column: string, list: Relation): Relation =>
  sql`(SELECT * FROM ${relation} unscoped WHERE ${sql.id(column)} IN (${list}))`

/**
 * Puts a list into a setting, under a name made of the list itself.
 * @returns a query of the list as text, which is made once per statement, not once per row.
 */
const enter = async (readers: readonly Client[], name: string, list: readonly string[]): Promise<Relation> => {
  const value = JSON.stringify(list)
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 16)
  const setting = `syn2op.${name}`
  const path = `strict $."${digest}"[*]`
  await Promise.all(
    readers.map((reader) =>
      run(reader, sql`SELECT set_config(${setting}, ${`{"${digest}":${value}}`}, false) IS NOT NULL AS entered`),
    ),
  )
  return sql`
    SELECT one #>> '{}'
    FROM jsonb_path_query(current_setting(${sql.lit(setting)})::jsonb, ${sql.lit(path)}) one
  `
}

const asIds = (list: Relation): Relation => sql`SELECT id::bigint FROM (${list}) ids (id)`

/** These accounts, and those that know one of their subjects under another name of the same provider. */
const withTwins = async (
  reader: Client,
  { externalIds }: Relations,
  rules: Pick<DecisionRules, 'providers'>,
  accounts: readonly string[],
): Promise<readonly string[]> => {
  const groups = sharedProviders(rules)
  if (groups.length === 0) return accounts
  const names = (group: readonly string[]): RawBuilder<unknown> => sql.join(group.map((name) => sql.lit(name)))
  const twins = await run<{ mxid: string }>(
    reader,
    sql.join(
      groups.map(
        (group) => sql<{ mxid: string }>`
          SELECT twin.user_id AS mxid
          FROM ${externalIds} mine
          JOIN ${externalIds} twin ON twin.external_id = mine.external_id
          WHERE mine.user_id = ANY(${accounts})
            AND mine.auth_provider IN (${names(group)})
            AND twin.auth_provider IN (${names(group)})
            AND twin.user_id IS NOT NULL
        `,
      ),
      sql` UNION `,
    ),
  )
  return [...new Set([...accounts, ...twins.map(({ mxid }) => mxid)])]
}

/**
 * own: the accounts' refresh tokens, which Synapse has under no index of their accounts. linked: these, those that their
 * access tokens point at, and the successors of both.
 */
const tokenIds = (
  { accessTokens, refreshTokens }: Relations,
  accounts: Relation,
): RawBuilder<{ own: readonly string[]; linked: readonly string[] }> => sql`
  WITH
    scope (mxid) AS MATERIALIZED (${accounts}),
    own AS MATERIALIZED (
      SELECT r.id, r.next_token_id FROM ${refreshTokens} r WHERE r.user_id IN (SELECT mxid FROM scope)
    ),
    pointed_at AS MATERIALIZED (
      SELECT t.refresh_token_id AS id
      FROM ${accessTokens} t
      WHERE t.user_id IN (SELECT mxid FROM scope) AND t.refresh_token_id IS NOT NULL
    ),
    linked AS (
      SELECT id FROM own
      UNION SELECT id FROM pointed_at
      UNION SELECT next_token_id FROM own WHERE next_token_id IS NOT NULL
      UNION
      SELECT r.next_token_id
      FROM ${refreshTokens} r
      WHERE r.id IN (SELECT id FROM pointed_at) AND r.next_token_id IS NOT NULL
    )
  SELECT
    array(SELECT id::text FROM own) AS own,
    array(SELECT id::text FROM linked) AS linked
`
