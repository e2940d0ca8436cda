import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** Who logs in at the provider. */
export interface OidcPerson {
  readonly subject: string
  /** The claim preferred_username. */
  readonly username: string
}

export interface OidcProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The next visit of the authorization endpoint logs this person in without a question. */
  expect(person: OidcPerson): void
  stop(): Promise<void>
}

interface Grant {
  readonly person: OidcPerson
  readonly redirectUri: string
  readonly nonce: string | null
  readonly challenge: string | null
}

/** An answer of the provider that names what the client did wrong. */
class Refused extends Error {}

const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const required = (parameters: URLSearchParams, name: string): string => {
  const value = parameters.get(name)
  if (!value) throw new Refused(`${name} is missing`)
  return value
}

const insist = (condition: boolean, otherwise: string): void => {
  if (!condition) throw new Refused(otherwise)
}

/**
 * A small OpenID Provider on the loopback address: discovery, authorization code with PKCE, RS256 id tokens, userinfo.
 * It refuses whatever a real one would: unknown clients and redirect URIs, codes used twice, wrong verifiers.
 */
export const startOidcProvider = async (options: {
  readonly redirectUris: readonly string[]
}): Promise<OidcProvider> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const clientId = 'synapse'
  const clientSecret = randomBytes(16).toString('hex')
  const grants = new Map<string, Grant>()
  const people = new Map<string, OidcPerson>()
  let expected: OidcPerson | undefined
  let issuer = ''

  const discovery = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
  })

  const authorize = (query: URLSearchParams): string => {
    insist(query.get('client_id') === clientId, 'unknown client')
    insist(query.get('response_type') === 'code', 'response_type is not code')
    insist(required(query, 'scope').split(' ').includes('openid'), 'scope lacks openid')
    const redirectUri = required(query, 'redirect_uri')
    insist(options.redirectUris.includes(redirectUri), 'redirect_uri is not registered')
    const challenge = query.get('code_challenge')
    if (challenge) insist(query.get('code_challenge_method') === 'S256', 'code_challenge_method is not S256')
    if (!expected) throw new Refused('nobody is expected to log in')
    const code = randomBytes(16).toString('hex')
    grants.set(code, { person: expected, redirectUri, nonce: query.get('nonce'), challenge })
    expected = undefined
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', required(query, 'state'))
    return back.href
  }

  const idToken = ({ person, nonce }: Grant): string => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      aud: clientId,
      sub: person.subject,
      iat: now,
      exp: now + 300,
      preferred_username: person.username,
    }
    const head = base64url(JSON.stringify({ alg: 'RS256', kid: 'test', typ: 'JWT' }))
    const signed = `${head}.${base64url(JSON.stringify({ ...claims, ...(nonce && { nonce }) }))}`
    return `${signed}.${base64url(sign('RSA-SHA256', Buffer.from(signed), privateKey))}`
  }

  const token = async (request: IncomingMessage): Promise<unknown> => {
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    insist(request.headers.authorization === `Basic ${basic}`, 'the client does not authenticate')
    const body = await bodyOf(request)
    insist(body.get('grant_type') === 'authorization_code', 'grant_type is not authorization_code')
    const code = required(body, 'code')
    const grant = grants.get(code)
    grants.delete(code)
    if (!grant) throw new Refused('the code is unknown or was used')
    insist(body.get('redirect_uri') === grant.redirectUri, 'redirect_uri is another one')
    if (grant.challenge) {
      const verifier = createHash('sha256').update(required(body, 'code_verifier')).digest('base64url')
      insist(verifier === grant.challenge, 'code_verifier does not fit')
    }
    const accessToken = randomBytes(16).toString('hex')
    people.set(accessToken, grant.person)
    return { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken(grant) }
  }

  const userinfo = (request: IncomingMessage): unknown => {
    const person = people.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (!person) throw new Refused('unknown access token')
    return { sub: person.subject, preferred_username: person.username }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', issuer)
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return answer(response, 200, discovery())
      case 'GET /jwks':
        return answer(response, 200, {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }],
        })
      case 'GET /authorize':
        return void response.writeHead(302, { location: authorize(url.searchParams) }).end()
      case 'POST /token':
        return answer(response, 200, await token(request))
      case 'GET /userinfo':
        return answer(response, 200, userinfo(request))
      default:
        return answer(response, 404, { error: 'not_found' })
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const description = error instanceof Error ? error.message : String(error)
      answer(response, error instanceof Refused ? 400 : 500, {
        error: 'invalid_request',
        error_description: description,
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The OIDC provider has no port')
  issuer = `http://127.0.0.1:${address.port}`
  return {
    issuer,
    clientId,
    clientSecret,
    expect: (person) => {
      expected = person
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
