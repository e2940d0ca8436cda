import { once } from 'node:events'
import { createServer } from 'node:http'
import { z } from 'zod'

/** What a server of one answer says to every request. */
export type Answering = (self: { readonly url: string }) => {
  /** 200 unless it is said. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A server on the loopback address that answers all requests alike, as JSON. */
export const answering = async (
  answer: Answering,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> => {
  const server = createServer((_request, response) => {
    const { status = 200, headers = {}, body = '' } = answer({ url })
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`
  return {
    url,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
