import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

/** How a tenant refuses a token: all that was sent, in its words. */
export type Repeating = (sent: string) => { readonly error: string; readonly error_description?: string }

/**
 * A tenant that gives nobody a token, and tells everybody what they have sent; closed after the test.
 * @returns where it is
 */
export const repeatingTenant = async (refusal: Repeating): Promise<string> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
    request.on('end', () => {
      const sent = [...new URLSearchParams(Buffer.concat(chunks).toString('utf8')).values()].join(' ')
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(refusal(sent)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
