import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type ManagementApi, openManagementApi } from '../../../../../src/targets/auth0/api/management-api.ts'
import type { Auth0Config } from '../../../../../src/targets/auth0/config/auth0-config.ts'
import type { Clock } from '../../../../../src/targets/http/clock.ts'
import { jumpingClock } from './jumping-clock.ts'

export interface Heard {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

/** `cut`: the connection ends without an answer. */
export type Said =
  | 'cut'
  | {
      readonly status: number
      readonly json?: unknown
      /** In place of JSON. */
      readonly bytes?: Buffer
      readonly headers?: Readonly<Record<string, string>>
    }

export interface ScriptedTenant {
  readonly api: ManagementApi
  readonly config: Auth0Config
  readonly clock: Clock
  /** What was asked of anything but the token endpoint. */
  readonly heard: readonly Heard[]
  /** How often a token was asked for. */
  tokens(): number
}

interface Script {
  readonly answer: (request: Heard, count: number) => Said
  /** Of the token endpoint. */
  readonly token?: (count: number) => Said
  /** What the client sends and must not hear again. */
  readonly secrets?: readonly string[]
}

/** A tenant that says what a test has it say, and a client of it, for as long as the test runs. */
export const scriptedTenant = async ({ answer, token = newToken, secrets = [] }: Script): Promise<ScriptedTenant> => {
  const heard: Heard[] = []
  let tokens = 0
  const clock = jumpingClock()
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body }
    const isToken = request.path === '/oauth/token'
    if (!isToken) heard.push(request)
    const said = isToken ? token(++tokens) : answer(request, heard.length)
    if (said === 'cut') {
      incoming.socket.destroy()
      return
    }
    const { status, json, bytes, headers = {} } = said
    const type = bytes === undefined && json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
    response.writeHead(status, { date: new Date(clock.now()).toUTCString(), ...type, ...headers })
    response.end(bytes ?? (json === undefined ? '' : JSON.stringify(json)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const config: Auth0Config = {
    files: [],
    url: `http://127.0.0.1:${port}`,
    client: { id: 'syn2op', secret: 'client-secret' },
    connection: 'people',
    plan: 'enterprise',
    passwords: 'carry',
    pepper: 'withhold',
    usernames: { unfit: 'escape' },
    email: { without: 'allow' },
    providers: [],
    rate: { share: 1 },
  }
  const api = openManagementApi(config, { clock, secrets })
  onTestFinished(async () => {
    await api.close()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { api, config, clock, heard, tokens: () => tokens }
}

const newToken = (count: number): Said => ({
  status: 200,
  json: { access_token: `token-${count}`, expires_in: 86_400, scope: 'read:users create:users', token_type: 'Bearer' },
})

export const refusing = (status: number, message: string, errorCode?: string): Said => ({
  status,
  json: { statusCode: status, error: 'Refused', message, ...(errorCode === undefined ? {} : { errorCode }) },
})
