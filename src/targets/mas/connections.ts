import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect } from '../../postgres/connect.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { settled } from './settled.ts'

type Access = 'read-only' | 'read-write'

/** Milliseconds: whoever has just left counts against the limits of a server for a moment more. */
const LEAVING = 5000
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
  const held = new Set<Promise<Client>>()
  const state = { isClosed: false }
  const open = (applicationName: string, access: Access): Promise<Client> => {
    const one = connect(settings, { applicationName, signal, access })
    held.add(one)
    one.then(
      (client) => client.once('end', () => held.delete(one)),
      () => held.delete(one),
    )
    return one
  }
  return {
    open: async (name, access) => {
      for (let waited = 0; ; waited += AGAIN) {
        try {
          return await open(name, access)
        } catch (error) {
          if (!isOutOfConnections(error) || waited >= LEAVING) throw error
          await sleep(AGAIN)
          if (signal.aborted || state.isClosed) throw error
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
      state.isClosed = true
      await Promise.allSettled([...held].map(async (one) => (await one).end()))
    },
  }
}

/** The server's 53300. */
const isOutOfConnections = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause && cause.code === '53300'
}

interface Wanted {
  readonly name: string
  readonly access: Access
  /** For work that is shared out: so many, or as many of them as the server lets us have. */
  readonly count: number
  /** Without so many of them the work cannot be done; absent: none. */
  readonly needed?: number
}

/** Works with connections that are closed after it: where few may be open, the next step needs them. */
export const withConnections = async <Result>(
  { open, openIfFree }: Connections,
  { name, access, count, needed = 0 }: Wanted,
  work: (clients: readonly Client[]) => Promise<Result>,
): Promise<Result> => {
  const tries: Promise<Client | undefined>[] = []
  const more = (length: number, one: Connections['openIfFree']): Promise<unknown> => {
    for (let opened = 0; opened < length; opened++) tries.push(one(name, access))
    return settled(tries)
  }
  try {
    // First of all, lest those that are not needed take their places at the server.
    await more(needed, open)
    await more(count - needed, openIfFree)
    return await work((await settled(tries)).filter((client) => client !== undefined))
  } finally {
    await Promise.allSettled(tries.map(async (one) => (await one)?.end()))
  }
}
