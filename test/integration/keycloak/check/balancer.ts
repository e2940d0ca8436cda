import { once } from 'node:events'
import { createServer } from 'node:http'

/** Leads to a Keycloak as if it were two nodes, of which one lacks the password provider. */
export const openBalancer = async (keycloak: string): Promise<{ readonly url: string; close(): void }> => {
  let asked = 0
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    const { authorization = '', 'content-type': contentType = '' } = incoming.headers
    const answer = await fetch(`${keycloak}${incoming.url ?? ''}`, {
      method: incoming.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(authorization === '' ? {} : { authorization }),
        ...(contentType === '' ? {} : { 'content-type': contentType }),
      },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    })
    const text = await answer.text()
    const isOther = incoming.url === '/admin/serverinfo' && asked++ % 2 === 1
    outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    outgoing.end(isOther ? text.replaceAll('"synapse-bcrypt"', '"something-else"') : text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port on the loopback address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
