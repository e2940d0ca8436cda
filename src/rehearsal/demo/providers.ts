import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import { run } from '../../postgres/statement.ts'
import { DEMO, DEMO_PROVIDERS } from './constants.ts'

/**
 * Inserts the demo's upstream providers into an empty MAS database, as `mas-cli config sync` would do it from the
 * configuration that `writeDemoConfigs` writes. The client secrets are left out: nobody logs in to a demo.
 */
export const insertDemoProviders = async (client: ClientBase): Promise<void> => {
  const rows = DEMO_PROVIDERS.map(
    ({ uuid, issuer, name }, order) => sql`(${uuid}::uuid, ${issuer}, 'openid', ${`syn2op-demo-${order}`}, 'none',
      to_timestamp(${DEMO.now / 1000}::double precision), ${name}, ${order}::integer)`,
  )
  await run(
    client,
    sql`insert into upstream_oauth_providers (upstream_oauth_provider_id, issuer, scope, client_id,
      token_endpoint_auth_method, created_at, human_name, ui_order) values ${sql.join(rows)}`,
  )
}
