import type { Draws } from './draws.ts'
import { capital, type Pool, poolOf, signsLike, small } from './kinds-of-letters.ts'
import { stretchesOf } from './stretches.ts'

/**
 * How much of a text's look is given up, where what was drawn may not be used. signs: signs are drawn too. A number: and it
 * becomes longer by so many letters.
 */
export type Liberty = 'none' | 'signs' | number

/** From here on a text must be compressed as well as before: an index takes some 2700 bytes of it, as they are compressed. */
const LONG = 400

/**
 * So many bytes of letters are drawn one by one. Prose compresses by shorter stretches than are copied: where its letters
 * were all drawn, 4400 of it would no more fit into an index that took them before. With 1500 here they would not, with 1000 they do.
 */
const DRAWN_ONE_BY_ONE = 700

/** UUIDs, hashes and the like. */
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f-]{12,}$/iu

/**
 * Another text of the same look: as many characters and bytes, capitals, digits and scripts where they were, signs as they
 * are. Texts that differ in case alone give texts that differ in case alone, by the same draws.
 * @param repeats of a long text. copied: what the text repeats, the other repeats. drawn: it is not even seen that it does.
 */
export const redraw = (
  text: string,
  draws: Draws,
  liberty: Liberty = 'none',
  repeats: 'copied' | 'drawn' = 'copied',
): string => {
  const letters = [...text]
  const lower = letters.map(small)
  const isHex = HEX.test(text)
  const isLong = letters.length > LONG
  const copiedFrom = isLong && repeats === 'copied' ? stretchesOf(lower) : []
  const next = isLong ? sparing(draws) : (pool: Pool) => one(pool, draws)
  let isFirst = true
  const drawn: string[] = []
  for (const [index, letter] of lower.entries()) {
    const from = copiedFrom[index]
    const pool = poolOf(letter, { isHex, isFirst: isFirst && !isLong }) ?? otherSign(letter, liberty)
    if (pool !== undefined) isFirst = false
    drawn.push(from === undefined ? (pool === undefined ? letter : next(pool)) : (drawn[from] ?? letter))
  }
  const other = drawn.map((letter, index) => (lower[index] === letters[index] ? letter : capital(letter))).join('')
  return other + longer(other.at(-1) ?? '', draws, typeof liberty === 'number' ? liberty : 0)
}

const otherSign = (letter: string, liberty: Liberty): Pool | undefined =>
  liberty === 'none' ? undefined : signsLike(letter)

const one = ({ letters }: Pool, draws: Draws): string => letters[draws.next(letters.length)] ?? ''

/** Draws letters, and when there have been many, one for all that follow of a pool: nothing of the text is left there. */
const sparing = (draws: Draws): ((pool: Pool) => string) => {
  let bytes = 0
  const last = new Map<string, string>()
  return (pool) => {
    if (bytes < DRAWN_ONE_BY_ONE) {
      const letter = one(pool, draws)
      bytes += Buffer.byteLength(letter)
      return letter
    }
    const letter = last.get(pool.name) ?? one(pool, draws)
    last.set(pool.name, letter)
    return letter
  }
}

const longer = (last: string, draws: Draws, by: number): string => {
  const pool: Pool = /[0-9]/u.test(last)
    ? { name: '0-9', letters: [...'0123456789'] }
    : { name: 'a-z', letters: [...'abcdefghijklmnopqrstuvwxyz'] }
  return Array.from({ length: by }, () => one(pool, draws)).join('')
}
