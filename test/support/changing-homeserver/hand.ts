import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'

/** Somebody who changes a homeserver through a connection of their own, always in the same way for the same seed. */
export interface Hand {
  readonly client: Client
  /** Stands in every text of its own. */
  readonly seed: string
  /** A number from 0 to below `below`. */
  draw(below: number): number
  /** One of these. */
  one<Thing>(things: readonly [Thing, ...Thing[]]): Thing
  /** An account that only this hand touches; it may have been deleted. */
  account(): string
  /** A number that no row has. */
  id(): number
  /** A text that no row has. */
  text(prefix: string): string
  /** Milliseconds since 1970; each call is a little later. */
  now(): number
  /** Makes an account known, so that later changes meet it. */
  remember(mxid: string): void
}

/** What somebody does in one transaction; false: there was nothing to do it to. */
export type Operation = (hand: Hand) => Promise<boolean>

export interface HandOptions {
  readonly seed: string
  /** Accounts that no other hand touches. */
  readonly accounts: readonly string[]
  /** Above every id that the database has, and far from those of other hands. */
  readonly firstId: number
}

/** Numbers from 0 to below 1, 2³² apart from each other, that a seed gives again and again. */
const drawing = (seed: string): (() => number) => {
  let block: Buffer = createHash('sha256').update(seed).digest()
  let at = 0
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest()
      at = 0
    }
    at += 4
    return block.readUInt32BE(at - 4) / 2 ** 32
  }
}

export const makeHand = (client: Client, { seed, accounts, firstId }: HandOptions): Hand => {
  const next = drawing(seed)
  const known = [...accounts]
  let count = 0
  const draw = (below: number): number => Math.floor(next() * below)
  return {
    client,
    seed,
    draw,
    one: (things) => things[draw(things.length)] ?? things[0],
    account: () => known[draw(known.length)] ?? '@nobody:demo.example',
    id: () => firstId + ++count,
    text: (prefix) => `${prefix}_${seed}_${++count}`,
    now: () => DEMO.now + ++count * 10,
    remember: (mxid) => void known.push(mxid),
  }
}

/** Runs a statement; whether it changed any row. */
export const did = async ({ client }: Hand, text: string, values: readonly unknown[]): Promise<boolean> =>
  ((await client.query(text, [...values])).rowCount ?? 0) > 0

/** A device of an account, if it has any. */
export const deviceOf = async (hand: Hand, mxid: string): Promise<string | undefined> => {
  const { rows } = await hand.client.query<{ device_id: string }>(
    'SELECT device_id FROM devices WHERE user_id = $1 AND NOT coalesce(hidden, false) ORDER BY device_id',
    [mxid],
  )
  return rows[hand.draw(Math.max(rows.length, 1))]?.device_id
}

export const exists = async ({ client }: Hand, mxid: string): Promise<boolean> =>
  (await client.query('SELECT FROM users WHERE name = $1 AND deactivated = 0', [mxid])).rowCount === 1
