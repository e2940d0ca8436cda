import type { Client } from 'pg'
import type { MasDatabase } from './mas-database.ts'

/** Whether the server, the database or our role has as many connections as it may (53300). */
export const isOutOfConnections = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause && cause.code === '53300'
}

interface More {
  readonly name: string
  readonly access: 'read-only' | 'read-write'
  readonly count: number
}

/**
 * Works with so many more connections, or with as many of them as the server lets us have: work that is shared out goes on
 * with those. They are closed after it, for where few may be open the next step needs them.
 */
export const withAsMany = async <Result>(
  database: Pick<MasDatabase, 'open'>,
  { name, access, count }: More,
  work: (clients: readonly Client[]) => Promise<Result>,
): Promise<Result> => {
  const tries = await Promise.allSettled(Array.from({ length: Math.max(0, count) }, () => database.open(name, access)))
  const clients = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  try {
    for (const one of tries) if (one.status === 'rejected' && !isOutOfConnections(one.reason)) throw one.reason
    return await work(clients)
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}
