import { signedToken } from './access-token.ts'
import type { Answer, Incoming } from './answer.ts'
import { logEntry } from './finish-login.ts'
import { isObject } from './json.ts'
import { type PasswordLogin, passwordLogin } from './password-login.ts'
import type { Client, Tenant } from './tenant.ts'

const LIFETIME = 86_400

const CLIENT_CREDENTIALS = 'client_credentials'
const PASSWORD = 'password'
const PASSWORD_REALM = 'http://auth0.com/oauth/grant-type/password-realm'

const GRANTS = [CLIENT_CREDENTIALS, PASSWORD, PASSWORD_REALM]

type Fields = Readonly<Record<string, string | undefined>>

const refused = (status: number, error: string, description: string): Answer => ({
  status,
  headers: { 'cache-control': 'no-store' },
  body: { error, error_description: description },
})

const granted = (body: Readonly<Record<string, unknown>>): Answer => ({
  status: 200,
  headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
  body: { ...body, expires_in: LIFETIME, token_type: 'Bearer' },
})

/** Of a form or of JSON; an empty value is none. Client and secret may come as HTTP Basic. */
const fieldsOf = ({ json, body, headers }: Incoming): Fields => {
  const pairs = isObject(json) ? Object.entries(json) : [...new URLSearchParams(body.toString('utf8'))]
  const fields = Object.fromEntries(
    pairs.flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])),
  )
  const basic = /^Basic (?<pair>\S+)$/u.exec(headers['authorization'] ?? '')?.groups?.['pair']
  if (basic === undefined) return fields
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent)
  return { client_id: id, client_secret: secret, ...fields }
}

const tokenFor = (
  tenant: Tenant,
  claims: { sub: string; aud: string; azp: string; scope: string; gty: string },
): string => {
  const iat = Math.floor(tenant.clock.now() / 1000)
  return signedToken({ ...claims, iat, exp: iat + LIFETIME })
}

/** A token of the Management API, with what the application may ask of it; `scope` may ask for less. */
const clientCredentials = (tenant: Tenant, client: Client, { audience, scope }: Fields): Answer => {
  if (audience === undefined)
    return refused(
      403,
      'access_denied',
      'No audience parameter was provided, and no default audience has been configured',
    )
  if (audience !== `${tenant.url}/api/v2/`)
    return refused(403, 'access_denied', `Service not enabled within domain: ${audience}`)
  const wanted = scope?.split(' ').filter((each) => each !== '')
  const scopes = client.scopes.filter((each) => wanted === undefined || wanted.includes(each)).join(' ')
  logEntry(tenant, { type: 'seccft' })
  const claims = {
    sub: `${client.id}@clients`,
    aud: audience,
    azp: client.id,
    scope: scopes,
    gty: 'client-credentials',
  }
  return granted({ access_token: tokenFor(tenant, claims), scope: scopes })
}

const answerOf = (tenant: Tenant, client: Client, login: PasswordLogin, scope: string): Answer => {
  switch (login.kind) {
    case 'wrong':
      return refused(403, 'invalid_grant', 'Wrong email or password.')
    case 'too many attempts':
      return refused(
        429,
        'too_many_attempts',
        "Your account has been blocked after multiple consecutive login attempts. We've sent you an email with instructions on how to unblock it.",
      )
    case 'denied':
      return login.reason === 'user is blocked'
        ? refused(403, 'unauthorized', login.reason)
        : refused(403, 'access_denied', login.reason)
    case 'in': {
      const claims = { sub: login.userId, azp: client.id, scope, gty: 'password' }
      logEntry(tenant, { type: 'sepft', userId: login.userId })
      return granted({
        access_token: tokenFor(tenant, { ...claims, aud: `${tenant.url}/userinfo` }),
        ...(scope.split(' ').includes('openid') ? { id_token: tokenFor(tenant, { ...claims, aud: client.id }) } : {}),
        scope,
      })
    }
  }
}

const byPassword = async (tenant: Tenant, client: Client, fields: Fields): Promise<Answer> => {
  const isOfRealm = fields['grant_type'] === PASSWORD_REALM
  const missing = ['username', 'password', ...(isOfRealm ? ['realm'] : [])].find((name) => fields[name] === undefined)
  if (missing !== undefined) return refused(400, 'invalid_request', `Missing required parameter: ${missing}`)
  // The tenant has no default directory, which the grant without a realm would need.
  if (!isOfRealm) return refused(500, 'server_error', 'Authorization server not configured with default connection.')
  const { realm, username = '', password = '', scope = 'openid' } = fields
  const connection = [...tenant.connections.values()].find(({ name }) => name === realm)
  if (connection?.strategy !== 'auth0') return refused(400, 'invalid_request', 'the connection was not found')
  if (!connection.enabledClients.has(client.id)) return refused(400, 'invalid_request', 'the connection was disabled')
  const login = await passwordLogin(tenant, { connection, username, password, clientId: client.id })
  return answerOf(tenant, client, login, scope)
}

/** `POST /oauth/token`: tokens of the Management API, and logins with a password. */
export async function tokenEndpoint(tenant: Tenant, incoming: Incoming): Promise<Answer> {
  const fields = fieldsOf(incoming)
  const grant = fields['grant_type']
  if (grant === undefined) return refused(400, 'invalid_request', 'Missing required parameter: grant_type')
  if (!GRANTS.includes(grant)) return refused(400, 'unsupported_grant_type', `Unsupported grant type: ${grant}`)
  const client = tenant.clients.get(fields['client_id'] ?? '')
  if (client === undefined || client.secret !== fields['client_secret'])
    return refused(401, 'access_denied', 'Unauthorized')
  if (!client.grantTypes.includes(grant))
    return refused(403, 'unauthorized_client', `Grant type '${grant}' not allowed for the client.`)
  return grant === CLIENT_CREDENTIALS ? clientCredentials(tenant, client, fields) : byPassword(tenant, client, fields)
}
