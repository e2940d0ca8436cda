import { once } from 'node:events'
import { createServer } from 'node:http'
import { z } from 'zod'
import { readAnswer } from './admin.ts'
import type { TestRealm } from './realm.ts'

/** An app in which people are logged in by a realm, or by a homeserver: a page that says they are back. */
export interface BrowserApp {
  /** Where people are led back to, with a slash at its end. */
  readonly url: string
  stop(): Promise<void>
}

/** What the heading of the app's page says. */
export const WELCOME = 'You are back'

const PAGE = `<!doctype html><title>App</title><h1>${WELCOME}</h1>`

export const startBrowserApp = async (): Promise<BrowserApp> => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The app has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const CLIENT = 'tests-app'

/** Makes the app known to a realm. */
export const registerApp = async ({ admin }: TestRealm, app: BrowserApp): Promise<void> => {
  await admin.post('clients', { clientId: CLIENT, publicClient: true, redirectUris: [app.url] })
}

/** Where a realm asks for a login to the app. */
export const loginUrl = ({ url, name }: TestRealm, app: BrowserApp): string => {
  const address = new URL(`${url}/realms/${name}/protocol/openid-connect/auth`)
  address.search = String(
    new URLSearchParams({ client_id: CLIENT, redirect_uri: app.url, response_type: 'code', scope: 'openid profile' }),
  )
  return address.href
}

const TOKENS = z.object({ id_token: z.string() })
const CLAIMS = z.object({ sub: z.string(), preferred_username: z.string(), name: z.string().exactOptional() })

/**
 * Who the app is told has come, by the code in the address that they came back to.
 * @throws Error where that address has no code, or one that the realm does not take
 */
export const whoCame = async (
  { url, name }: TestRealm,
  app: BrowserApp,
  address: string,
): Promise<z.infer<typeof CLAIMS>> => {
  const code = new URL(address).searchParams.get('code')
  if (code === null) throw new Error(`There is no code in ${address}`)
  const { status, body } = await readAnswer(
    await fetch(`${url}/realms/${name}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: CLIENT, redirect_uri: app.url, code }),
    }),
  )
  if (status !== 200) throw new Error(`The realm does not take the code: ${status} ${JSON.stringify(body)}`)
  const [, claims = ''] = TOKENS.parse(body).id_token.split('.')
  return CLAIMS.parse(JSON.parse(Buffer.from(claims, 'base64url').toString()))
}
