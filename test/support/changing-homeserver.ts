import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { ACCOUNT_OPERATIONS, changePassword } from './changing-homeserver/accounts.ts'
import { type Hand, makeHand, type Operation } from './changing-homeserver/hand.ts'
import { IDENTITY_OPERATIONS } from './changing-homeserver/identities.ts'
import { logIn, SESSION_OPERATIONS } from './changing-homeserver/sessions.ts'

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...SESSION_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...IDENTITY_OPERATIONS,
}

/** What people do all the time; everything else is done now and then. */
const COMMON: Readonly<Record<string, number>> = {
  'login': 4,
  'last seen': 8,
  're-authentication': 3,
  'logout': 3,
  'token refreshed': 4,
  'refreshed token used': 4,
  'registration': 2,
  'e-mail added': 2,
  'identity added': 2,
}

const DRAWN = Object.keys(OPERATIONS).flatMap((name) => Array.from({ length: COMMON[name] ?? 1 }, () => name))

export interface ChangingOptions {
  /** Opens a connection to the source. */
  readonly connect: () => Promise<Client>
  readonly seed: string
  /** How many connections change at the same time. */
  readonly hands: number
  /** Changes of all of them together, at most. */
  readonly perSecond: number
}

/** How often each thing was done. */
export type ChangeCounts = Readonly<Record<string, number>>

export interface ChangingHomeserver {
  /**
   * Writes rows in a transaction that stays open: whoever looks meanwhile sees none of them, though they are older than
   * what was committed before the look.
   */
  holdOpen(): Promise<{ commit(): Promise<void> }>
  /** Ends every change that is under way, and all connections. */
  stop(): Promise<ChangeCounts>
  readonly counts: ChangeCounts
  /** How many changes were committed so far. */
  changes(): number
  /** The same per second. */
  rate(): number
}

const newestId = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ id: string }>(
    `SELECT greatest((SELECT max(id) FROM access_tokens), (SELECT max(id) FROM refresh_tokens), 0) AS id`,
  )
  return Number(rows[0]?.id)
}

const inTransaction = async (client: Client, work: () => Promise<boolean>): Promise<boolean> => {
  await client.query('BEGIN')
  try {
    const done = await work()
    await client.query('COMMIT')
    return done
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Starts to change a Synapse database as its people and administrators do, as fast as it is told, until it is stopped. */
export const startChanging = async ({
  connect,
  seed,
  hands,
  perSecond,
}: ChangingOptions): Promise<ChangingHomeserver> => {
  const clients = await Promise.all(Array.from({ length: hands + 1 }, connect))
  const [first] = clients
  if (first === undefined) throw new Error('Somebody must change the homeserver')
  const { rows } = await first.query<{ name: string }>('SELECT name FROM users WHERE name IS NOT NULL ORDER BY name')
  const above = await newestId(first)
  const made: readonly Hand[] = clients.map((client, index) =>
    makeHand(client, {
      seed: `${seed}-${index}`,
      accounts: rows.map(({ name }) => name).filter((_, position) => position % clients.length === index),
      firstId: above + index * 10_000_000,
    }),
  )
  const holder = made.at(-1) ?? makeHand(first, { seed, accounts: [], firstId: above })
  const counts: Record<string, number> = {}
  const started = performance.now()
  let stopped = false

  const keepChanging = async (hand: Hand): Promise<void> => {
    for (let n = 1; !stopped; n++) {
      const name = DRAWN[hand.draw(DRAWN.length)] ?? 'login'
      const done = await inTransaction(hand.client, () => OPERATIONS[name]?.(hand) ?? Promise.resolve(false))
      if (done) counts[name] = (counts[name] ?? 0) + 1
      const ahead = (n * hands * 1000) / perSecond - (performance.now() - started)
      if (ahead > 0) await sleep(ahead)
    }
  }
  const working = Promise.all(made.slice(0, hands).map(keepChanging))
  // Whoever stops is told what went wrong before.
  working.catch(() => {})

  const changes = (): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

  return {
    counts,
    changes,
    rate: () => (changes() * 1000) / (performance.now() - started),
    holdOpen: async () => {
      await holder.client.query('BEGIN')
      for (let n = 0; n < 5; n++) {
        const mxid = holder.account()
        await changePassword(holder, mxid)
        await logIn(holder, mxid)
      }
      await OPERATIONS['registration']?.(holder)
      return {
        commit: async () => {
          await holder.client.query('COMMIT')
          counts['held open across a run'] = (counts['held open across a run'] ?? 0) + 1
        },
      }
    },
    stop: async () => {
      stopped = true
      try {
        await working
      } finally {
        await Promise.allSettled(clients.map((client) => client.end()))
      }
      return counts
    },
  }
}

/** Every kind of change that a homeserver undergoes here. */
export const CHANGE_KINDS: readonly string[] = Object.keys(OPERATIONS)
