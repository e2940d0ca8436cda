import type { OidcPerson, OidcProvider } from '../oidc-provider.ts'

/** The cookies of one host, as a browser keeps them. */
const cookieJar = () => {
  const cookies = new Map<string, string>()
  return {
    keep: (response: Response): void => {
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        const equals = pair.indexOf('=')
        cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
      }
    },
    header: (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  }
}

const MOST_REDIRECTS = 15

/**
 * Logs a person in over MAS's upstream provider as a browser and an old client do: the client's SSO redirect, MAS's
 * choice of providers (by its address: there is no button to press), the provider's login, and MAS's question.
 * @param mas its base URL, and the ULID of the provider
 * @returns the login token that the client is handed
 */
export const upstreamLoginToken = async (
  { baseUrl, providerId }: { readonly baseUrl: string; readonly providerId: string },
  provider: OidcProvider,
  person: OidcPerson,
): Promise<string> => {
  const jar = cookieJar()
  const visit = async (url: URL, form?: URLSearchParams): Promise<Response> => {
    const isMas = url.origin === new URL(baseUrl).origin
    const response = await fetch(url, {
      redirect: 'manual',
      ...(form && { method: 'POST', body: form }),
      ...(isMas && { headers: { cookie: jar.header() } }),
    })
    if (isMas) jar.keep(response)
    return response
  }
  const follow = async (start: URL): Promise<{ url: URL; response: Response }> => {
    let url = start
    for (let count = 0; count < MOST_REDIRECTS; count++) {
      const response = await visit(url)
      const location = response.headers.get('location')
      if (location === null) return { url, response }
      url = new URL(location, url)
    }
    throw new Error(`More than ${MOST_REDIRECTS} redirects, at last to ${url.pathname}`)
  }

  provider.expect(person)
  const client = encodeURIComponent('http://client.example/')
  const asked = await follow(new URL(`/_matrix/client/v3/login/sso/redirect?redirectUrl=${client}`, baseUrl))
  const chosen = new URL(`/upstream/authorize/${providerId}`, baseUrl)
  chosen.search = asked.url.search
  const question = await follow(chosen)
  const page = await question.response.text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1]
  if (!question.url.pathname.startsWith('/complete-compat-sso/') || csrf === undefined)
    throw new Error(`The login ended at ${question.url.pathname} (${question.response.status}): ${page.slice(0, 2000)}`)
  const done = await visit(question.url, new URLSearchParams({ csrf }))
  const token = new URL(done.headers.get('location') ?? 'about:blank').searchParams.get('loginToken')
  if (token === null) throw new Error(`No login token (${done.status}): ${await done.text()}`)
  return token
}
