import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** One thing that the stand-in does otherwise than Matrix asks for. */
export type WalkFault =
  | 'no OAuth'
  | 'endpoint in clear text'
  | 'no revocation endpoint'
  | 'registration refused'
  | 'registration 200'
  | 'registration without client_uri'
  | 'registration as a secret client'
  | 'other client on deletion'
  | 'deletion elsewhere'
  | 'authorization error page'
  | 'authorization refused'
  | 'other state'
  | 'no state'
  | 'fragment'
  | 'redirect elsewhere'
  | 'redirect to a file'
  | 'own error page'
  | 'short code'
  | 'other iss'
  | 'no Matrix scopes'
  | 'no unstable scope'
  | 'token 201'
  | 'token as text'
  | 'token refused'
  | 'token late'
  | 'no access token'
  | 'token type mac'
  | 'no refresh token'
  | 'expires_in text'
  | 'no expires_in'
  | 'long-lived'
  | 'no device scope'
  | 'whoami other device'
  | 'whoami other user'
  | 'whoami long device'
  | 'whoami 503'
  | 'no rotation'
  | 'refresh without refresh token'
  | 'no grace'
  | 'new token unknown'
  | 'revocation 204'
  | 'revocation 503'
  | 'revocation of nothing'
  | 'revocation of access alone'
  | 'revocation of refresh 503'
  | 'unknown token without code'

interface Session {
  readonly scope: string
  readonly access: Set<string>
  readonly refresh: Set<string>
  /** The refresh token that was used last: it may be used once more. */
  last?: string
}

export interface WalkOp {
  /** Of the homeserver and its OP, without a slash at the end. */
  readonly url: string
  readonly user: string
  /** How many sessions and clients are there. */
  left(): { readonly sessions: number; readonly clients: number }
  /** Every secret that it gave, to be found nowhere. */
  readonly secrets: readonly string[]
  /** Method and path of every request. */
  readonly requests: readonly string[]
  /** What no client should have sent. */
  readonly violations: readonly string[]
  stop(): Promise<void>
}

/**
 * A homeserver with an OP as Matrix 1.15 and its RFCs have them, whose user is logged in already: it stands in for real ones, to
 * be wrong in one thing at a time. With `page`, a person has to come to the login page first.
 */
export const startWalkOp = async (
  options: { readonly fault?: WalkFault; readonly page?: true; readonly onRequest?: (route: string) => void } = {},
): Promise<WalkOp> => {
  const { fault } = options
  const user = '@walker:test.example'
  const clients = new Map<string, string>()
  const codes = new Map<string, { readonly challenge: string; readonly redirectUri: string; readonly scope: string }>()
  let sessions: Session[] = []
  const [secrets, requests, violations]: [string[], string[], string[]] = [[], [], []]
  const secret = (): string => {
    const made = randomBytes(24).toString('base64url')
    secrets.push(made)
    return made
  }
  const send = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): unknown => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    return response.end(body === undefined ? '' : JSON.stringify(body))
  }
  const sessionOf = (kind: 'access' | 'refresh', token: string): Session | undefined =>
    sessions.find((session) => session[kind].has(token))

  const metadata = () => ({
    issuer: `${url}/`,
    authorization_endpoint: `${fault === 'endpoint in clear text' ? 'http://op.test.example' : url}/authorize`,
    token_endpoint: `${url}/token`,
    ...(fault === 'no revocation endpoint' ? {} : { revocation_endpoint: `${url}/revoke` }),
    registration_endpoint: `${url}/register`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
  })

  const register = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const asked = JSON.parse(await text(request)) as Record<string, unknown>
    if (fault === 'registration refused') {
      return send(response, 400, { error: 'invalid_redirect_uri', error_description: 'not here' })
    }
    const [id, token] = [randomBytes(6).toString('hex'), secret()]
    clients.set(id, token)
    const { client_uri: clientUri, ...rest } = asked
    return send(response, fault === 'registration 200' ? 200 : 201, {
      ...rest,
      ...(fault === 'registration without client_uri' ? {} : { client_uri: clientUri }),
      ...(fault === 'registration as a secret client' ? { token_endpoint_auth_method: 'client_secret_basic' } : {}),
      client_id: id,
      registration_access_token: token,
      registration_client_uri: `${fault === 'deletion elsewhere' ? 'https://other.example' : url}/register/${id}`,
    })
  }

  const isKnown = (scope: string): boolean => {
    if (fault === 'no Matrix scopes') return scope === 'openid'
    return fault !== 'no unstable scope' || !scope.includes('msc2967')
  }

  const authorize = ({ searchParams }: URL, response: ServerResponse): unknown => {
    const given = (name: string): string => searchParams.get(name) ?? ''
    if (!clients.has(given('client_id'))) return send(response, 400, { error: 'invalid_client' })
    if (fault === 'authorization error page') {
      return response.writeHead(400, { 'content-type': 'text/html' }).end('<title>Wrong</title>')
    }
    if (!/^http:\/\/127\.0\.0\.1:\d+\/callback$/u.test(given('redirect_uri'))) violations.push('redirect_uri')
    if (given('code_challenge_method') !== 'S256' || given('response_type') !== 'code')
      violations.push('no PKCE or code')
    if (searchParams.has('response_mode')) violations.push('response_mode')
    // Element X asks for consent each time, Element Web never.
    if ((searchParams.get('prompt') === 'consent') !== given('scope').includes('msc2967')) violations.push('prompt')
    if (fault === 'own error page') {
      const location = `${url}/fallbacks/error?error=invalid_scope&error_description=unknown+scope`
      return response.writeHead(303, { location }).end()
    }
    if (fault === 'redirect to a file') return response.writeHead(303, { location: 'file:///etc/passwd?code=1' }).end()
    secrets.push(given('state'))
    const back = new URL(fault === 'redirect elsewhere' ? `${url}/elsewhere` : given('redirect_uri'))
    const answer: Record<string, string> = { state: fault === 'other state' ? 'of-somebody-else' : given('state') }
    if (fault === 'no state') delete answer['state']
    if (!isKnown(given('scope'))) answer['error'] = 'invalid_scope'
    else if (fault === 'authorization refused') answer['error'] = 'access_denied'
    else {
      answer['code'] = fault === 'short code' ? 'e' : secret()
      const grant = { challenge: given('code_challenge'), redirectUri: given('redirect_uri'), scope: given('scope') }
      codes.set(answer['code'], grant)
    }
    if (fault === 'other iss') answer['iss'] = 'https://other.example/'
    if (fault === 'fragment') back.hash = String(new URLSearchParams(answer))
    else back.search = String(new URLSearchParams(answer))
    if (options.page && !searchParams.has('logged_in')) return response.writeHead(200).end('<title>Log in</title>')
    return response.writeHead(303, { location: back.href }).end()
  }

  const tokens = (session: Session, kind: 'login' | 'refresh'): Record<string, unknown> => {
    const access = secret()
    if (!(kind === 'refresh' && fault === 'new token unknown')) session.access.add(access)
    const refresh = kind === 'refresh' && fault === 'no rotation' ? session.last : secret()
    if (refresh !== undefined) session.refresh.add(refresh)
    const without = kind === 'login' ? fault === 'no refresh token' : fault === 'refresh without refresh token'
    return {
      ...(fault === 'no access token' ? {} : { access_token: access }),
      token_type: fault === 'token type mac' ? 'mac' : 'Bearer',
      ...(fault === 'no expires_in' ? {} : { expires_in: 300 }),
      ...(fault === 'expires_in text' ? { expires_in: '300' } : {}),
      ...(fault === 'long-lived' ? { expires_in: 31_536_000 } : {}),
      ...(without ? {} : { refresh_token: refresh }),
      scope: fault === 'no device scope' ? session.scope.split(' ')[0] : session.scope,
    }
  }

  const sendTokens = (response: ServerResponse, body: unknown): unknown => {
    const headers = fault === 'token as text' ? { 'content-type': 'text/plain' } : {}
    return send(response, fault === 'token 201' ? 201 : 200, body, headers)
  }

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const form = new URLSearchParams(await text(request))
    const given = (name: string): string => form.get(name) ?? ''
    if (!clients.has(given('client_id'))) return send(response, 401, { error: 'invalid_client' })
    if (request.headers.origin !== undefined) violations.push('an Origin of a native client')
    if (given('grant_type') === 'refresh_token') return refresh(given('refresh_token'), response)
    const grant = codes.get(given('code'))
    codes.delete(given('code'))
    const verifier = given('code_verifier')
    secrets.push(verifier)
    const isHis = grant?.challenge === createHash('sha256').update(verifier).digest('base64url')
    if (!isHis || grant.redirectUri !== given('redirect_uri')) violations.push('a code that is not the client’s')
    if (grant === undefined || !isHis || fault === 'token refused')
      return send(response, 400, { error: 'invalid_grant' })
    const session: Session = { scope: grant.scope, access: new Set(), refresh: new Set() }
    sessions.push(session)
    if (fault === 'token late')
      return void setTimeout(() => sendTokens(response, tokens(session, 'login')), 1000).unref()
    return sendTokens(response, tokens(session, 'login'))
  }

  const refresh = (given: string, response: ServerResponse): unknown => {
    const session = sessionOf('refresh', given)
    const isRetry = session?.last === given
    if (session === undefined || (isRetry && fault === 'no grace')) {
      return send(response, 400, { error: 'invalid_grant' })
    }
    session.access.clear()
    session.refresh.clear()
    session.last = given
    session.refresh.add(given)
    return sendTokens(response, tokens(session, 'refresh'))
  }

  const revoke = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const given = new URLSearchParams(await text(request)).get('token') ?? ''
    const isRefresh = sessionOf('refresh', given) !== undefined
    if (fault === 'revocation 503' || (fault === 'revocation of refresh 503' && isRefresh))
      return send(response, 503, { error: 'temporarily_unavailable' })
    const session = sessionOf('access', given) ?? sessionOf('refresh', given)
    if (
      session !== undefined &&
      fault?.startsWith('revocation of') === true &&
      fault !== 'revocation of nothing' &&
      session.access.has(given)
    ) {
      session.access.clear()
    } else if (fault !== 'revocation of nothing') sessions = sessions.filter((other) => other !== session)
    return send(response, fault === 'revocation 204' ? 204 : 200, undefined)
  }

  const whoami = (request: IncomingMessage, response: ServerResponse): unknown => {
    const session = sessionOf('access', /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '')
    if (fault === 'whoami 503') return send(response, 503, { errcode: 'M_UNKNOWN', error: 'no OP' })
    if (session === undefined) {
      return fault === 'unknown token without code'
        ? send(response, 403, { errcode: 'M_FORBIDDEN', error: 'no' })
        : send(response, 401, { errcode: 'M_UNKNOWN_TOKEN', error: 'unknown' })
    }
    const device = /device:([A-Za-z]+)/u.exec(session.scope)?.[1]
    return send(response, 200, {
      user_id: fault === 'whoami other user' ? '@other:test.example' : user,
      device_id:
        fault === 'whoami long device' ? 'X'.repeat(5000) : fault === 'whoami other device' ? 'OTHERDEVICE' : device,
    })
  }

  const remove = (request: IncomingMessage, response: ServerResponse, id: string): unknown => {
    const isHis = request.headers.authorization === `Bearer ${clients.get(id)}`
    if (!isHis) violations.push('a deletion without its token')
    if (fault === 'other client on deletion') return send(response, 403, { error: 'access_denied' })
    clients.delete(id)
    return send(response, 204, undefined)
  }

  const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse, url: URL) => unknown>> = {
    'GET /_matrix/client/versions': (_, response) => send(response, 200, { versions: ['v1.14', 'v1.15'] }),
    'GET /_matrix/client/v1/auth_metadata': (_, response) =>
      fault === 'no OAuth'
        ? send(response, 404, { errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' })
        : send(response, 200, metadata()),
    'GET /.well-known/openid-configuration': (_, response) => send(response, 200, metadata()),
    'POST /register': register,
    'GET /authorize': (_, response, asked) => authorize(asked, response),
    'POST /token': token,
    'POST /revoke': revoke,
    'GET /_matrix/client/v3/login': (_, response) => send(response, 200, { flows: [{ type: 'm.login.sso' }] }),
    'GET /_matrix/client/v3/account/whoami': whoami,
  }
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://127.0.0.1')
    const route = `${request.method} ${asked.pathname}`
    requests.push(route)
    options.onRequest?.(route)
    const id = /^DELETE \/register\/(\w+)$/u.exec(route)?.[1]
    if (id !== undefined) return remove(request, response, id)
    const answer = Object.hasOwn(routes, route) ? routes[route] : undefined
    if (answer === undefined) {
      violations.push(route)
      return send(response, 404, { errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' })
    }
    return void answer(request, response, asked)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port')
  const url = `http://127.0.0.1:${address.port}`
  return {
    url,
    user,
    left: () => ({ sessions: sessions.length, clients: clients.size }),
    secrets,
    requests,
    violations,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
