import type { OidcPerson, OidcProvider } from '../oidc-provider.ts'
import type { TestRealm } from './realm.ts'

/** Where people come back to; nobody is there. */
const APP = 'http://app.example.org/'
const APP_CLIENT = 'tests-sso'

/** Where the provider has to send people back to. */
export const ssoReturn = ({ url, name }: TestRealm, alias: string): string =>
  `${url}/realms/${name}/broker/${alias}/endpoint`

/** Lets people sign in to a realm by a provider that answers. */
export const addSso = async (realm: TestRealm, alias: string, provider: OidcProvider): Promise<void> => {
  const { issuer, clientId, clientSecret } = provider
  await realm.admin.post('identity-provider/instances', {
    alias,
    providerId: 'oidc',
    enabled: true,
    config: {
      issuer,
      authorizationUrl: `${issuer}/authorize`,
      tokenUrl: `${issuer}/token`,
      clientId,
      clientSecret,
      clientAuthMethod: 'client_secret_basic',
    },
  })
  await realm.admin.post('clients', { clientId: APP_CLIENT, publicClient: true, redirectUris: [APP] })
}

export interface SsoLogin {
  readonly alias: string
  readonly provider: OidcProvider
  readonly person: OidcPerson
  /** What the app asks for: an offline token once it has its code for tokens, with `offline_access`. */
  readonly scope: string
}

/** As a browser does, which nobody has to type anything into. */
export const loginBySso = async (realm: TestRealm, { alias, provider, person, scope }: SsoLogin): Promise<void> => {
  provider.expect(person)
  const asked = { client_id: APP_CLIENT, redirect_uri: APP, response_type: 'code', scope, kc_idp_hint: alias }
  const start = `${realm.url}/realms/${realm.name}/protocol/openid-connect/auth?${new URLSearchParams(asked)}`
  let code = ''
  const cookies = new Map<string, string>()
  for (let at = start; !at.startsWith(APP); ) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: at.startsWith(realm.url) ? { cookie } : {} })
    for (const [pair = ''] of response.headers.getSetCookie().map((line) => line.split(';'))) {
      const [name = '', ...value] = pair.split('=')
      cookies.set(name, value.join('='))
    }
    const next = response.headers.get('location')
    if (next === null) throw new Error(`No way on from ${at}: ${response.status} ${await response.text()}`)
    at = new URL(next, at).href
    code = new URL(at).searchParams.get('code') ?? ''
  }
  const tokens = await fetch(`${realm.url}/realms/${realm.name}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', client_id: APP_CLIENT, redirect_uri: APP, code }),
  })
  if (!tokens.ok) throw new Error(`No tokens for the app: ${tokens.status} ${await tokens.text()}`)
}
