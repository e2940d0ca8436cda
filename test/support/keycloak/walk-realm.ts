import { z } from 'zod'
import { newRealm, type TestRealm } from './realm.ts'
import type { KeycloakAddress } from './server.ts'

/** A realm in which anybody may register a client, as Matrix wants it, and somebody who may log in. */
export interface WalkRealm extends TestRealm {
  readonly issuer: string
  readonly account: { readonly username: string; readonly password: string }
  /** How many sessions the person has, and which clients are there beside Keycloak's and the tests'. */
  left(): Promise<{ readonly sessions: number; readonly clients: readonly string[] }>
}

const PEOPLE = z.array(z.object({ id: z.string() }))
const COMPONENTS = z.array(z.object({ id: z.string(), providerId: z.string(), subType: z.string() }))
const CLIENTS = z.array(z.object({ clientId: z.string() }))

export interface WalkRealmOptions {
  /** As a realm is made: only hosts that it trusts may register clients, and it trusts none. */
  readonly registration?: 'stock'
}

/** What a stock realm asks of whoever registers without a token: hosts that it trusts. */
const TRUSTED_HOSTS = 'trusted-hosts'

export const newWalkRealm = async (
  server: KeycloakAddress,
  { registration }: WalkRealmOptions = {},
): Promise<WalkRealm> => {
  const realm = await newRealm(server, { profile: 'relaxed' })
  const { admin } = realm
  const account = { username: 'walker', password: 'one foot before the other' }
  const credentials = [{ type: 'password', value: account.password }]
  await admin.post('users', { username: account.username, enabled: true, credentials })
  const policies = 'org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy'
  for (const { id, providerId, subType } of await admin.get(`components?type=${policies}`, COMPONENTS)) {
    const isAsked = providerId === TRUSTED_HOSTS && subType === 'anonymous'
    if (isAsked && registration !== 'stock') await admin.delete(`components/${id}`)
  }
  const clientsOf = async (): Promise<readonly string[]> =>
    (await admin.get('clients', CLIENTS)).map(({ clientId }) => clientId)
  const before = await clientsOf()
  return {
    ...realm,
    issuer: `${realm.url}/realms/${realm.name}`,
    account,
    left: async () => {
      const [person] = await admin.get(`users?username=${account.username}&exact=true`, PEOPLE)
      const sessions = await admin.get(`users/${person?.id}/sessions`, z.array(z.unknown()))
      return {
        sessions: sessions.length,
        clients: (await clientsOf()).filter((client) => !before.includes(client)),
      }
    },
  }
}
