import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type MasAsked, refusal, type WhoAmI, whoAmI } from './whoami.ts'

/** What of Synapse a MAS and the holder of a token ask, without a Synapse. */
export interface StandInHomeserver {
  readonly url: string
  stop(): Promise<void>
}

/** Larger requests are not made here. */
const LONGEST_BODY = 1_000_000

/**
 * What Synapse answers its MAS: whatever MAS wants to be done is said to be done, since nothing of it is looked at.
 * Source: Synapse, synapse/rest/synapse/mas/{users,devices}.py.
 */
const answerMas = (name: string, query: URLSearchParams, serverName: string): WhoAmI => {
  switch (name) {
    case 'query_user':
      return {
        status: 200,
        body: {
          user_id: `@${query.get('localpart') ?? ''}:${serverName}`,
          display_name: null,
          avatar_url: null,
          is_suspended: false,
          is_deactivated: false,
        },
      }
    case 'is_localpart_available':
      return refusal(400, 'M_USER_IN_USE', 'Nobody registers in a rehearsal')
    case 'delete_device':
      return { status: 204, body: {} }
    case 'provision_user':
    case 'upsert_device':
    case 'update_device_display_name':
    case 'sync_devices':
    case 'delete_user':
    case 'reactivate_user':
    case 'set_displayname':
    case 'unset_displayname':
    case 'allow_cross_signing_reset':
      return { status: 200, body: {} }
    default:
      return unknown()
  }
}

const unknown = (): WhoAmI => refusal(404, 'M_UNRECOGNIZED', 'Unrecognized request')

const bearerOf = ({ headers: { authorization = '' } }: IncomingMessage): string | undefined =>
  /^Bearer (\S+)$/u.exec(authorization)?.[1]

const MAS_API = '/_synapse/mas/'

const answer = async (request: IncomingMessage, asked: MasAsked): Promise<WhoAmI> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const token = bearerOf(request)
  if (pathname.startsWith(MAS_API)) {
    if (token !== asked.secret) return refusal(403, 'M_FORBIDDEN', 'This endpoint must only be called by MAS')
    return answerMas(pathname.slice(MAS_API.length), searchParams, asked.serverName)
  }
  if (!/^\/_matrix\/client\/(?:v3|r0)\/account\/whoami$/u.test(pathname)) return unknown()
  if (token === undefined) return refusal(401, 'M_MISSING_TOKEN', 'Missing access token')
  return whoAmI(token, asked)
}

/** What is asked does not matter: it is read so that the connection can be used again. */
const readBody = async (request: IncomingMessage): Promise<void> => {
  let bytes = 0
  for await (const chunk of request) {
    bytes += Buffer.isBuffer(chunk) ? chunk.length : 0
    if (bytes > LONGEST_BODY) throw new RangeError('too large')
  }
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

/** Starts what stands in for Synapse beside a MAS, on this machine alone. */
export const startStandInHomeserver = async (asked: MasAsked): Promise<StandInHomeserver> => {
  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      await readBody(request)
      const { status, body } = await answer(request, asked)
      if (status === 204) response.writeHead(status).end()
      else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    serve().catch(() => request.socket.destroy())
  })
  const url = `http://127.0.0.1:${await listening(server)}/`
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url, stop }
}
