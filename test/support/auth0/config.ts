import type { StandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { Auth0Config } from '../../../src/targets/auth0/config/auth0-config.ts'

/** Settings of a connection where people have whichever identifiers they have. */
export const EVERY_IDENTIFIER = {
  attributes: {
    email: { identifier: { active: true }, profile_required: false },
    username: {
      identifier: { active: true },
      profile_required: false,
      validation: { min_length: 1, max_length: 128 },
    },
    phone_number: { identifier: { active: true }, profile_required: false },
  },
}

/** What auth0.yaml would say of a stand-in. */
export const configOf = (
  { url, client, connection, tenant }: Pick<StandIn, 'url' | 'client' | 'connection' | 'tenant'>,
  others: Partial<Auth0Config> = {},
): Auth0Config => ({
  files: ['auth0.yaml'],
  url,
  client: { id: client.id, secret: client.secret },
  connection: connection.name,
  plan: tenant.plan,
  passwords: 'carry',
  pepper: 'withhold',
  usernames: { unfit: 'escape' },
  email: { without: 'allow' },
  providers: [],
  rate: { share: 1 },
  ...others,
})
