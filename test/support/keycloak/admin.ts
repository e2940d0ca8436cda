import { z } from 'zod'
import type { KeycloakAddress } from './server.ts'

/** What Keycloak answered, whatever its status. */
export interface Answer {
  readonly status: number
  /** JSON where it is some, else the text; undefined where there is none. */
  readonly body: unknown
  /** Where a thing is that was just made; its last part is the thing's id. */
  readonly location?: string
}

/** Keycloak's Admin API as the administrator of everything. Paths stand below one folder and begin without a slash. */
export interface AdminApi {
  /** Throws unless the status is one of success. */
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  post(path: string, body: unknown): Promise<Answer>
  put(path: string, body: unknown): Promise<Answer>
  delete(path: string, body?: unknown): Promise<Answer>
  /** Returns whatever comes. */
  send(method: string, path: string, body?: unknown): Promise<Answer>
}

const TOKEN = z.object({ access_token: z.string(), expires_in: z.number() })

/** How long before its end a token is not used any more. */
const MARGIN_MS = 15_000

export const readAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  const location = response.headers.get('location')
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return {
    status: response.status,
    body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
    ...(location === null ? {} : { location }),
  }
}

const signIn = async (server: KeycloakAddress): Promise<z.infer<typeof TOKEN>> => {
  const response = await fetch(`${server.url}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'admin-cli',
      username: server.adminUser,
      password: server.adminPassword,
    }),
  })
  const { status, body } = await readAnswer(response)
  if (status !== 200) throw new Error(`${server.adminUser} cannot sign in to ${server.url}: ${status}`)
  return TOKEN.parse(body)
}

const tokensOf = (server: KeycloakAddress): (() => Promise<string>) => {
  let current: { readonly token: string; readonly until: number } | undefined
  return async () => {
    if (current === undefined || Date.now() > current.until) {
      const { access_token: token, expires_in: seconds } = await signIn(server)
      current = { token, until: Date.now() + seconds * 1000 - MARGIN_MS }
    }
    return current.token
  }
}

/** @param folder what paths stand below: `realms/R`, or nothing for `/admin` itself */
export const admin = (server: KeycloakAddress, folder = ''): AdminApi => {
  const token = tokensOf(server)
  const base = [server.url, 'admin', folder].filter((part) => part !== '').join('/')
  const send: AdminApi['send'] = async (method, path, body) => {
    const response = await fetch(path === '' ? base : `${base}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return readAnswer(response)
  }
  const succeed: AdminApi['send'] = async (method, path, body) => {
    const answer = await send(method, path, body)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw new Error(`${method} ${base}/${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
  return {
    send,
    get: async (path, shape) => shape.parse((await succeed('GET', path)).body),
    post: (path, body) => succeed('POST', path, body),
    put: (path, body) => succeed('PUT', path, body),
    delete: (path, body) => succeed('DELETE', path, body),
  }
}
