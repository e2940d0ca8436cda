import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect } from '../../postgres/connect.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'

type Access = 'read-only' | 'read-write'

/** Milliseconds: whoever has just left counts against the limits of a server for a moment more. */
const LEAVING = 2000
const AGAIN = 50

/** Connections to MAS's database. */
export interface Connections {
  /** One that the work needs: it is asked for until those of the step before have left. */
  open(name: string, access: Access): Promise<Client>
  /** One more for work that is shared out, or undefined: the server, the database or our role has as many as it may. */
  openIfFree(name: string, access: Access): Promise<Client | undefined>
}

/** Opens connections, and closes with the target those that nobody has closed, also those that are still being opened. */
export const connectionsTo = (
  settings: PostgresSettings,
  signal: AbortSignal,
): Connections & { readonly close: () => Promise<void> } => {
  const tries: Promise<Client>[] = []
  const open = (applicationName: string, access: Access): Promise<Client> => {
    const one = connect(settings, { applicationName, signal, access })
    tries.push(one)
    return one
  }
  return {
    open: async (name, access) => {
      for (let waited = 0; ; waited += AGAIN) {
        try {
          return await open(name, access)
        } catch (error) {
          if (!isOutOfConnections(error) || waited >= LEAVING || signal.aborted) throw error
          await sleep(AGAIN)
        }
      }
    },
    openIfFree: async (name, access) => {
      try {
        return await open(name, access)
      } catch (error) {
        if (isOutOfConnections(error)) return undefined
        throw error
      }
    },
    close: async () => {
      await Promise.allSettled(tries.map(async (one) => (await one).end()))
    },
  }
}

/** The server's 53300. */
const isOutOfConnections = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause && cause.code === '53300'
}

interface More {
  readonly name: string
  readonly access: Access
  readonly count: number
}

/**
 * Works with so many more connections, or with as many of them as the server lets us have: work that is shared out goes on
 * with those. They are closed after it, for where few may be open the next step needs them.
 */
export const withAsMany = async <Result>(
  { openIfFree }: Pick<Connections, 'openIfFree'>,
  { name, access, count }: More,
  work: (clients: readonly Client[]) => Promise<Result>,
): Promise<Result> => {
  const tries = await Promise.allSettled(Array.from({ length: Math.max(0, count) }, () => openIfFree(name, access)))
  const clients = tries.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []))
  try {
    for (const one of tries) if (one.status === 'rejected') throw one.reason
    return await work(clients)
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}
