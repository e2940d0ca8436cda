import { sql } from 'kysely'
import type { PostgresSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import type { HomeserverConfig, SynapseProvider } from '../synapse/homeserver.ts'
import type { LinkPlace, UpstreamProvider } from './link-place.ts'

/** Synapse's table `user_external_ids`, by which it finds the account of whoever comes from a provider. */
export const synapsePlace = (
  { providers }: Pick<HomeserverConfig, 'providers'>,
  settings: PostgresSettings,
): LinkPlace => ({
  to: 'synapse',
  product: 'Synapse',
  settings,
  providers: providers.filter(({ kind }) => kind === 'oidc').map(toProvider),
  table: 'user_external_ids',
  columns: [
    { name: 'auth_provider', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'user_id', type: 'text' },
  ],
  key: { provider: 'auth_provider', subject: 'external_id', user: 'user_id' },
  hasUnfinished: false,
  readiness: async () => [],
  owners: async (_, wanted) => wanted.map((link) => ({ ...link, user: link.mxid })),
  present: async (client, { id }) =>
    run(
      client,
      sql<{ subject: string; user: string; who: string }>`
        SELECT external_id AS subject, user_id AS "user", user_id AS who
        FROM user_external_ids WHERE auth_provider = ${id}`,
    ),
  row: ({ subject, user }, { id }) => [id, subject, user],
  // Synapse notes for each device by which provider its people came; a link of that account was used then.
  logins: {
    table: LOGINS,
    isUsed: (schema) => sql`EXISTS (
      SELECT FROM ${sql.id(schema, LOGINS)} d WHERE d.user_id = t.user_id AND d.auth_provider_id = t.auth_provider
    )`,
    isUsedByItself: sql`false`,
  },
  mustStop: true,
})

/** Since Synapse 1.49. */
const LOGINS = 'device_auth_providers'

const toProvider = ({ authProvider, issuer, subject, allowsExistingUsers }: SynapseProvider): UpstreamProvider => ({
  id: authProvider,
  name: authProvider,
  ...(issuer === undefined ? {} : { issuer }),
  ...(subject === undefined ? {} : { subject }),
  ...(allowsExistingUsers === undefined ? {} : { adoptsBy: 'allow_existing_users: true' }),
})
