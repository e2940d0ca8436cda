import { createHash, randomInt } from 'node:crypto'

/** By which random cases are drawn; printed, so that they can be drawn again. */
export const SEED = process.env['SYN2OP_TEST_SEED'] ?? String(randomInt(1_000_000))

/** The n-th number of the seed for something, from 0 to 1. */
export const drawn = (what: string, n: number): number =>
  createHash('sha256').update(`${SEED}/${what}/${n}`).digest().readUInt32BE() / 2 ** 32

/** `SYN2OP_TEST_FAULTS=200` rehearses every case, and so many random kills in each group; undefined: the short form. */
export const KILLS_ASKED = process.env['SYN2OP_TEST_FAULTS']

/**
 * The half of some cases that CI has time for, by the seed, so that each of them has its turn every other run; in their order. All of
 * them in the long form.
 */
export const inTurn = <Case>(what: string, cases: readonly Case[]): readonly Case[] => {
  if (KILLS_ASKED !== undefined) return cases
  const drawnCases = cases.map((_one, n) => ({ n, by: drawn(what, n) })).toSorted((one, other) => one.by - other.by)
  const chosen = new Set(drawnCases.slice(0, Math.ceil(cases.length / 2)).map(({ n }) => n))
  return cases.filter((_one, n) => chosen.has(n))
}
