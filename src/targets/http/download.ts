import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { plainError } from './plain-error.ts'
import { stoppedBy } from './stopped-by.ts'

export interface Download {
  readonly url: string
  /** Milliseconds in which nothing comes, after which it is given up. */
  readonly idleMs: number
  readonly signal: AbortSignal
}

export interface Downloaded {
  readonly status: number
  /** Read it to its end, or `cancel` it. Cut off, or given up, it throws what ended it. */
  readonly bytes: AsyncIterable<Buffer>
  cancel(): void
}

/**
 * Asks for a file, and gives what comes as it comes. Follows no redirection, and sends nothing of ours.
 * @throws the signal's reason when it is aborted, here and while it is read; else Node's code and words of what
 * befell the connection
 */
export const download = ({ url, idleMs, signal }: Download): Promise<Downloaded> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const outgoing = (url.startsWith('https:') ? requestHttps : requestHttp)(url, { method: 'GET', agent: false })
    const abort = (): void => void outgoing.destroy(stoppedBy(signal))
    signal.addEventListener('abort', abort, { once: true })
    outgoing.setTimeout(idleMs, () => void outgoing.destroy(new Error(`nothing came within ${idleMs / 1000} s`)))
    outgoing.on('close', () => signal.removeEventListener('abort', abort))
    outgoing.on('error', (error) => reject(signal.aborted ? stoppedBy(signal) : plainError(error)))
    outgoing.on('response', (response) => {
      resolve({
        status: response.statusCode ?? 0,
        bytes: bytesOf(response, signal),
        cancel: () => void outgoing.destroy(),
      })
    })
    outgoing.end()
  })

async function* bytesOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) if (Buffer.isBuffer(chunk)) yield chunk
  } catch (error) {
    throw signal.aborted ? stoppedBy(signal) : plainError(error)
  }
}
