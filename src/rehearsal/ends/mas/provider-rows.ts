import { type RawBuilder, sql } from 'kysely'
import type { ClientBase } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { MasProvider } from '../../../targets/mas/config/mas-config.ts'

/** A provider as MAS's database is to have it. */
export interface ProviderRow extends Pick<MasProvider, 'uuid' | 'issuer' | 'humanName' | 'enabled'> {
  readonly clientId: string
}

/**
 * Inserts upstream providers into an empty MAS database, as `mas-cli config sync` would do it, but for what only a login by them needs:
 * secrets, claims, endpoints.
 * @param now milliseconds since 1970
 */
export const insertProviders = async (
  client: ClientBase,
  providers: readonly ProviderRow[],
  now: number,
): Promise<void> => {
  if (providers.length === 0) return
  const time: RawBuilder<unknown> = sql`to_timestamp(${now / 1000}::double precision)`
  const rows = providers.map(
    (
      { uuid, issuer, humanName, enabled, clientId },
      order,
    ) => sql`(${uuid}::uuid, ${issuer ?? null}, 'openid', ${clientId},
      'none', ${time}, ${humanName ?? null}, ${order}::integer, ${enabled ? sql`null::timestamptz` : time})`,
  )
  await run(
    client,
    sql`insert into upstream_oauth_providers (upstream_oauth_provider_id, issuer, scope, client_id,
      token_endpoint_auth_method, created_at, human_name, ui_order, disabled_at) values ${sql.join(rows)}`,
  )
}
