interface Credentials {
  readonly domain: string
  readonly token?: string
  readonly clientId?: string
  readonly clientSecret?: string
}

type Asked = string | { readonly id: string }

const idOf = (asked: Asked): string => (typeof asked === 'string' ? asked : asked.id)

/** @throws an Error with `statusCode`, as the SDK's are */
const answerOf = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  if (response.ok) return body
  throw Object.assign(new Error(`Status code: ${response.status}\nBody: ${text}`), {
    statusCode: response.status,
    body,
  })
}

const tokenOf = async (url: string, { token, clientId, clientSecret }: Credentials): Promise<string> => {
  if (token !== undefined) return token
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      audience: `${url}/api/v2/`,
    }),
  })
  const body = await answerOf(response)
  return typeof body === 'object' && body !== null && 'access_token' in body ? String(body.access_token) : ''
}

/**
 * What `require('auth0')` gives an Action, as little of it as linking needs: of 4 (`users.get({id})`, `users.link({id}, …)`,
 * `usersByEmail.getByEmail({email})`, answers in `data`) and of 5 to 7 (`users.get(id)`, `users.identities.link(id, …)`,
 * `users.listUsersByEmail({email})`, answers bare). It asks the tenant at `url`, whatever `domain` says.
 */
export const auth0Package = (url: string, version: string): unknown => {
  const isOlder = version.startsWith('4')
  return {
    // An Action makes it with `new`.
    ManagementClient: function ManagementClient(credentials: Credentials) {
      const ask = async (method: string, path: string, json?: unknown): Promise<unknown> => {
        const response = await fetch(`${url}/api/v2${path}`, {
          method,
          headers: {
            authorization: `Bearer ${await tokenOf(url, credentials)}`,
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        })
        const body = await answerOf(response)
        return isOlder ? { data: body, status: response.status } : body
      }
      const get = (asked: Asked): Promise<unknown> => ask('GET', `/users/${encodeURIComponent(idOf(asked))}`)
      const link = (asked: Asked, body: unknown): Promise<unknown> =>
        ask('POST', `/users/${encodeURIComponent(idOf(asked))}/identities`, body)
      const byEmail = ({ email }: { readonly email: string }): Promise<unknown> =>
        ask('GET', `/users-by-email?email=${encodeURIComponent(email)}`)
      return isOlder
        ? { users: { get, link }, usersByEmail: { getByEmail: byEmail } }
        : { users: { get, identities: { link }, listUsersByEmail: byEmail } }
    },
  }
}
