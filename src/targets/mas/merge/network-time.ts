import { sql } from 'kysely'
import type { Client } from 'pg'
import { run, statementsSent } from '../../../postgres/statement.ts'

/** Milliseconds of a question that takes the server no time, and its answer. */
const roundTrips = new WeakMap<Client, number>()

const QUESTIONS = 3

/** Measures how far away a connection's server is: the quickest of a few answers. */
export const measureRoundTrip = async (client: Client): Promise<void> => {
  let quickest = Number.POSITIVE_INFINITY
  for (let question = 0; question < QUESTIONS; question++) {
    const asked = performance.now()
    await run(client, sql`SELECT 1`)
    quickest = Math.min(quickest, performance.now() - asked)
  }
  roundTrips.set(client, quickest)
}

/** How long statements have been on their way, from now on: a round trip each. What they take at the server is not in it. */
export const networkTime = (client: Client): { milliseconds(): number; stop(): void } => {
  const before = statementsSent(client)
  let until: number | undefined
  return {
    milliseconds: () => ((until ?? statementsSent(client)) - before) * (roundTrips.get(client) ?? 0),
    stop: () => {
      until ??= statementsSent(client)
    },
  }
}
