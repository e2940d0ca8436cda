import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { cancelRunning } from './cancel.ts'

/** Watches a session from before a statement until it is ready for the next one, or its connection is gone. */
export interface IdleWatch {
  readonly client: pg.Client
  readonly idle: Promise<void>
  isIdle(): boolean
}

export const watchIdle = (client: pg.Client): IdleWatch => {
  let settled = false
  const idle = new Promise<void>((resolve) => {
    const done = (): void => {
      settled = true
      client.off('drain', done)
      client.off('end', done)
      resolve()
    }
    // node-postgres tells with `drain` that the server is ready and no query waits, after errors too.
    client.once('drain', done)
    client.once('end', done)
    // It says nothing any more of a connection that was gone before.
    if (client.connection.stream.closed) done()
  })
  return { client, idle, isIdle: () => settled }
}

/** After this a session that does not react to being cancelled loses its connection. */
const PATIENCE_MS = 10_000

/** Ends what a session is doing: by a cancel request, or by closing its connection when that does not help in time. */
export const makeIdle = async (watch: IdleWatch): Promise<void> => {
  if (watch.isIdle()) return
  await cancelRunning(watch.client)
  const patience = new AbortController()
  await Promise.race([watch.idle, sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
  if (!watch.isIdle()) watch.client.connection.stream.destroy()
  await watch.idle
}
