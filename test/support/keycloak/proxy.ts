import { once } from 'node:events'
import { Agent, createServer, request as send } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What becomes of a request on its way. `lose`: it is done, and the connection ends in the place of its answer. */
export type Fate = 'pass' | 'lose' | { readonly answer: number } | { readonly delayMs: number }

/** Of each request: how many of its kind have come before it. May do something before it is passed on. */
export type OnTheWay = (count: number) => Fate | Promise<Fate>

/** A way to Keycloak that does things to the requests that make users. */
export interface KeycloakProxy {
  readonly url: string
  /** From now on, counted from 0; absent: everything passes. */
  onImports(handle?: OnTheWay): void
  /** How many requests did not simply pass. */
  disturbed(): number
  close(): Promise<void>
}

const TEXT = '{"error":"unknown_error"}'

export const openKeycloakProxy = async (keycloak: string): Promise<KeycloakProxy> => {
  let handle: OnTheWay = () => 'pass'
  // A connection that Keycloak ends for being idle would look like one more disturbance.
  const agent = new Agent({ keepAlive: false })
  let count = 0
  let disturbed = 0
  const server = createServer(async (incoming, outgoing) => {
    const body: Buffer[] = []
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) body.push(chunk)
    // A check tries with nobody whether it would be allowed to.
    const isImport = incoming.url?.endsWith('/partialImport') === true && Buffer.concat(body).includes('"users":[{')
    const fate = isImport ? await handle(count++) : 'pass'
    if (fate !== 'pass') disturbed++
    if (typeof fate === 'object' && 'delayMs' in fate) await sleep(fate.delayMs)
    const passed = send(`${keycloak}${incoming.url ?? ''}`, {
      method: incoming.method ?? 'GET',
      headers: incoming.headers,
      agent,
    })
    passed.on('error', () => outgoing.destroy())
    passed.on('response', (answer) => {
      if (fate === 'lose' || (typeof fate === 'object' && 'answer' in fate)) {
        answer.resume()
        answer.on('end', () => {
          if (fate === 'lose') outgoing.destroy()
          else outgoing.writeHead(fate.answer, { 'content-type': 'application/json' }).end(TEXT)
        })
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.end(Buffer.concat(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port on the loopback address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    onImports(next = () => 'pass') {
      handle = next
      count = 0
      disturbed = 0
    },
    disturbed: () => disturbed,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
