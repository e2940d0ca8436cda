import type { Received } from '../../../../src/rehearsal/standins/auth0/http.ts'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import type { StandIn } from '../../../../src/rehearsal/standins/auth0/server.ts'
import type { Connection } from '../../../../src/rehearsal/standins/auth0/tenant.ts'

/** Where a request was sent to. */
export interface Seat {
  readonly standIn: Pick<StandIn, 'url' | 'client' | 'connection'>
  readonly enterprise?: Connection | undefined
}

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const

const isMethod = (text: string): text is ApiRequest['method'] => METHODS.some((method) => method === text)

/** Ids of what the program has made itself: they are other ones at another tenant. */
const MADE: readonly (readonly [RegExp, string])[] = [
  [/con_[A-Za-z0-9]{16}/gu, '{connection}'],
  [/job_[A-Za-z0-9]{16}/gu, '{job}'],
  [/(?<=\/actions\/actions\/)[^/]+/gu, '{id}'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/gu, '{id}'],
  [/(?<=\/scim-configuration\/tokens\/)[^/]+/gu, '{id}'],
]

/** A text with the words in braces that a trial has for what is other at another tenant. */
const named = (text: string, { standIn, enterprise }: Seat): string => {
  const { url, client, connection } = standIn
  if (text === connection.name) return '{connection name}'
  if (text === enterprise?.name) return '{enterprise name}'
  const known: readonly (readonly [string, string])[] = [
    ...(enterprise === undefined ? [] : [[enterprise.id, '{enterprise}'] as const]),
    [url, '{url}'],
    [client.id, '{client}'],
    [client.secret, '{secret}'],
  ]
  const replaced = known.reduce((whole, [value, word]) => whole.replaceAll(value, word), text)
  return MADE.reduce((whole, [value, word]) => whole.replaceAll(value, word), replaced)
}

const namedIn = (value: unknown, seat: Seat): unknown => {
  if (typeof value === 'string') return named(value, seat)
  if (Array.isArray(value)) return value.map((item) => namedIn(item, seat))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, namedIn(item, seat)]))
}

const textOf = async (part: File | string): Promise<string> => (typeof part === 'string' ? part : part.text())

const partsOf = async (body: Buffer, type: string, seat: Seat): Promise<Readonly<Record<string, string>>> => {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const parts = await Promise.all(
    [...form].map(async ([name, part]) => {
      const text = await textOf(part)
      return [name, name === 'users' ? text : named(text, seat)] as const
    }),
  )
  return Object.fromEntries(parts)
}

const bodyOf = async ({ body, headers }: Received, seat: Seat): Promise<Partial<ApiRequest>> => {
  const type = headers['content-type'] ?? ''
  if (body.byteLength === 0) return {}
  if (type.startsWith('multipart/form-data')) return { multipart: await partsOf(body, type, seat) }
  if (type.startsWith('application/x-www-form-urlencoded')) {
    const fields = [...new URLSearchParams(body.toString())]
    return { form: Object.fromEntries(fields.map(([name, value]) => [name, named(value, seat)])) }
  }
  const json: unknown = JSON.parse(body.toString())
  return { json: namedIn(json, seat) }
}

/** With which token it comes. */
const senderOf = (path: string): Pick<ApiRequest, 'as'> => {
  if (path.startsWith('/scim/')) return { as: 'SCIM' }
  return path.startsWith('/api/v2/') ? {} : { as: 'nobody' }
}

/** A request that came to a tenant, as a trial sends it to another. */
export const asTrialRequest = async (received: Received, seat: Seat): Promise<ApiRequest> => {
  const { method, path, query } = received
  if (!isMethod(method)) throw new Error(`nobody sends ${method}`)
  const asked = query.size === 0 ? '' : `?${query}`
  return {
    method,
    path: path.startsWith('/exports/') ? '{location}' : `${named(path, seat)}${asked}`,
    ...senderOf(path),
    ...(await bodyOf(received, seat)),
  }
}
