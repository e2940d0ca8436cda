/** An answer of Synapse that was not expected. */
export class MatrixError extends Error {
  readonly status: number
  readonly body: string

  constructor(request: string, status: number, body: string) {
    super(`${request} answered ${status}: ${body.slice(0, 300)}`)
    this.name = 'MatrixError'
    this.status = status
    this.body = body
  }
}

export type Json = Readonly<Record<string, unknown>>

export interface MatrixRequest {
  readonly token?: string
  readonly body?: Json
}

/** Calls one of Synapse's APIs. @throws MatrixError for every answer that is not 2xx. */
export const callSynapse = async (
  baseUrl: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  { token, body }: MatrixRequest = {},
): Promise<Json> => {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new MatrixError(`${method} ${path.split('?')[0]}`, response.status, text)
  return JSON.parse(text) as Json
}

/** A text of an answer. @throws Error when there is none of that name. */
export const textOf = (answer: Json, name: string): string => {
  const value = answer[name]
  if (typeof value !== 'string') throw new Error(`The answer has no text ${name}: ${Object.keys(answer).join(', ')}`)
  return value
}

/** Whether Synapse still knows the token: the status of whoami. The device has then been seen, with this user agent. */
export const whoami = async (baseUrl: string, token: string, userAgent = 'syn2op test'): Promise<number> => {
  const response = await fetch(new URL('/_matrix/client/v3/account/whoami', baseUrl), {
    headers: { authorization: `Bearer ${token}`, 'user-agent': userAgent },
  })
  await response.text()
  return response.status
}
