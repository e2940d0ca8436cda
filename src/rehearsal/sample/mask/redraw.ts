import { withCapitalsOf } from './capitals.ts'
import type { Draws } from './draws.ts'
import { fitting } from './index-room.ts'
import { type Pool, poolOf, signsLike, small } from './kinds-of-letters.ts'
import { stretchesOf } from './stretches.ts'

/**
 * How much of a text's look is given up, where what was drawn may not be used. signs: signs are drawn too. A number: and it
 * becomes longer by so many letters.
 */
export type Liberty = 'none' | 'signs' | number

/** From here on what a text repeats is repeated. */
const LONG = 400

/** UUIDs, hashes and the like. */
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f-]{12,}$/iu

/**
 * Another text of the same look: as many characters and bytes, capitals, digits and scripts where they were, signs as they
 * are. Texts that differ in case alone give texts that differ in case alone, by the same draws: capitals are put on last.
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
  let isFirst = !isLong
  const each = lower.map((letter, index): Drawn => {
    const pool = poolOf(letter, { isHex, isFirst }) ?? otherSign(letter, liberty)
    if (pool === undefined) return { letter }
    isFirst = false
    return copiedFrom[index] === undefined ? { letter: one(pool, draws), pool } : { letter }
  })
  /** In small letters. @param most so many letters as they were drawn; then one stands for all of a pool. */
  const written = (most: number): string => {
    const other: string[] = []
    const last = new Map<string, string>()
    let count = 0
    for (const [index, { letter, pool }] of each.entries()) {
      const from = copiedFrom[index]
      if (from !== undefined) other.push(other[from] ?? letter)
      else if (pool === undefined || count++ < most) other.push(letter)
      else {
        last.set(pool.name, last.get(pool.name) ?? letter)
        other.push(last.get(pool.name) ?? letter)
      }
    }
    return other.join('')
  }
  const other = withCapitalsOf(text, fitting(lower.join(''), written))
  return other + longer(other.at(-1) ?? '', draws, typeof liberty === 'number' ? liberty : 0)
}

interface Drawn {
  readonly letter: string
  /** Absent: it stays as it is, or is copied. */
  readonly pool?: Pool
}

const otherSign = (letter: string, liberty: Liberty): Pool | undefined =>
  liberty === 'none' ? undefined : signsLike(letter)

const one = ({ letters }: Pool, draws: Draws): string => letters[draws.next(letters.length)] ?? ''

const longer = (last: string, draws: Draws, by: number): string => {
  const pool: Pool = /[0-9]/u.test(last)
    ? { name: '0-9', letters: [...'0123456789'] }
    : { name: 'a-z', letters: [...'abcdefghijklmnopqrstuvwxyz'] }
  return Array.from({ length: by }, () => one(pool, draws)).join('')
}
