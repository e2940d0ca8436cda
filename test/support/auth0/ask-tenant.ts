import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { signedToken } from '../../../src/rehearsal/standins/auth0/access-token.ts'
import { isObject } from '../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { SCOPES } from '../../../src/rehearsal/standins/auth0/scopes.ts'
import type { GivenTenant } from './given-tenant.ts'

/** What came back. */
export interface Reply {
  readonly status: number
  readonly body: unknown
}

/** What later requests of a trial name by words in braces. */
export interface Remembered {
  job?: string
  location?: string
  id?: string
}

const DAY = 86_400
const SCIM_SCOPES = ['get:users', 'post:users', 'put:users', 'patch:users', 'delete:users']

const replaced = (
  { standIn, enterprise, firstUser }: GivenTenant,
  remembered: Remembered,
  text: string,
  inPath: boolean,
): string => {
  const values: Readonly<Record<string, string | undefined>> = {
    connection: standIn.connection.id,
    'connection name': standIn.connection.name,
    enterprise: enterprise?.id,
    'enterprise name': enterprise?.name,
    client: standIn.client.id,
    secret: standIn.client.secret,
    url: standIn.url,
    user: firstUser,
    job: remembered.job,
    id: remembered.id,
  }
  return text.replaceAll(/\{(?<name>[a-z ]+)\}/gu, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return inPath ? encodeURIComponent(value) : value
  })
}

const replacedIn = (value: unknown, replace: (text: string) => string): unknown => {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map((item) => replacedIn(item, replace))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replacedIn(item, replace)]))
}

const managementToken = ({ standIn }: GivenTenant, { as = 'management', scopes = SCOPES }: ApiRequest): string => {
  const now = Math.floor(standIn.tenant.clock.now() / 1000)
  const issued = as === 'somebody expired' ? now - 2 * DAY : now
  return signedToken({
    sub: `${standIn.client.id}@clients`,
    azp: standIn.client.id,
    aud: as === 'a wrong audience' ? 'https://other.example/' : `${standIn.url}/api/v2/`,
    iat: issued,
    exp: issued + DAY,
    scope: scopes.join(' '),
    gty: 'client-credentials',
  })
}

const scimToken = ({ enterprise }: GivenTenant, scopes: readonly string[]): string => {
  const token = randomBytes(16).toString('hex')
  enterprise?.scim?.tokens.set(token, { token, scopes })
  return token
}

const authorizationOf = (given: GivenTenant, request: ApiRequest): Readonly<Record<string, string>> => {
  if (request.as === 'nobody') return {}
  const token =
    request.as === 'SCIM' ? scimToken(given, request.scopes ?? SCIM_SCOPES) : managementToken(given, request)
  return { authorization: `Bearer ${token}` }
}

const formOf = (parts: Readonly<Record<string, string>>): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(parts))
    if (name === 'users') form.set(name, new Blob([value], { type: 'application/json' }), 'users.json')
    else form.set(name, value)
  return form
}

const texts = (
  form: Readonly<Record<string, string>>,
  replace: (text: string) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(form).map(([name, value]) => [name, name === 'users' ? value : replace(value)]))

const bodyOf = (request: ApiRequest, replace: (text: string) => string): Pick<RequestInit, 'body' | 'headers'> => {
  if (request.json !== undefined) {
    const type = request.as === 'SCIM' ? 'application/scim+json' : 'application/json'
    return { body: JSON.stringify(replacedIn(request.json, replace)), headers: { 'content-type': type } }
  }
  if (request.form !== undefined) return { body: new URLSearchParams(texts(request.form, replace)) }
  if (request.multipart !== undefined) return { body: formOf(texts(request.multipart, replace)) }
  return {}
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text === '' ? undefined : text
  }
}

/** Of a file the objects of its lines. */
const answerOf = async (response: Response): Promise<unknown> => {
  if (response.headers.get('content-type') !== 'application/gzip') return jsonOf(await response.text())
  const text = gunzipSync(await response.arrayBuffer()).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(jsonOf)
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const remember = (remembered: Remembered, body: unknown): void => {
  if (!isObject(body)) return
  const id = textOf(body['action_id']) ?? textOf(body['id']) ?? textOf(body['token_id'])
  if (id !== undefined) remembered.id = id
  if (id?.startsWith('job_') === true) remembered.job = id
  const location = textOf(body['location'])
  if (location !== undefined) remembered.location = location
}

/** Sends a request of a trial. */
export const ask = async (given: GivenTenant, request: ApiRequest, remembered: Remembered): Promise<Reply> => {
  const url =
    request.path === '{location}'
      ? (remembered.location ?? '')
      : `${given.standIn.url}${replaced(given, remembered, request.path, true)}`
  const { body, headers } = bodyOf(request, (text) => replaced(given, remembered, text, false))
  const response = await fetch(url, {
    method: request.method,
    headers: { ...authorizationOf(given, request), ...headers, ...request.headers },
    ...(body === undefined ? {} : { body }),
  })
  const answered = await answerOf(response)
  remember(remembered, answered)
  return { status: response.status, body: answered }
}
