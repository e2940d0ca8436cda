import type { OidcPerson, OidcProvider } from '../oidc-provider.ts'

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

const redirectOf = (response: Response): string => {
  const location = response.headers.get('location')
  if (response.status !== 302 || location === null) throw new Error(`Expected a redirect, got ${response.status}`)
  return location
}

/**
 * Logs a person in over Synapse's SSO as a browser does: redirect, the provider's login, the callback, and the page that
 * asks whether to go on to the client.
 * @returns the login token that the page hands to the client.
 */
export const ssoLoginToken = async (
  baseUrl: string,
  provider: OidcProvider,
  idpId: string,
  person: OidcPerson,
): Promise<string> => {
  const client = 'http://client.example/'
  provider.expect(person)
  const start = new URL(`/_matrix/client/v3/login/sso/redirect/oidc-${idpId}`, baseUrl)
  start.searchParams.set('redirectUrl', client)
  const atSynapse = await fetch(start, { redirect: 'manual' })
  const atProvider = await fetch(redirectOf(atSynapse), { redirect: 'manual' })
  const completion = await fetch(redirectOf(atProvider), {
    redirect: 'manual',
    headers: { cookie: cookiesOf(atSynapse) },
  })
  const page = await completion.text()
  const token = /loginToken=([A-Za-z0-9_%-]+)/.exec(page)?.[1]
  if (!completion.ok || token === undefined)
    throw new Error(`No login token on the page (${completion.status}): ${page}`)
  return decodeURIComponent(token)
}
