import { createHash, randomInt } from 'node:crypto'

/** By which random cases are drawn; printed, so that they can be drawn again. */
export const SEED = process.env['SYN2OP_TEST_SEED'] ?? String(randomInt(1_000_000))

/** The n-th number of the seed for something, from 0 to 1. */
export const drawn = (what: string, n: number): number =>
  createHash('sha256').update(`${SEED}/${what}/${n}`).digest().readUInt32BE() / 2 ** 32

/** `SYN2OP_TEST_FAULTS=200` rehearses every case, and so many random kills in each group; undefined: the short form. */
export const KILLS_ASKED = process.env['SYN2OP_TEST_FAULTS']
