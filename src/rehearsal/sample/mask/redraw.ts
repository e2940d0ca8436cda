import type { Draws } from './draws.ts'
import { capital, type Pool, poolOf, signsLike, small } from './kinds-of-letters.ts'

/**
 * How much of a text's look is given up, where what was drawn may not be used. signs: signs are drawn too. A number: and it
 * becomes longer by so many letters.
 */
export type Liberty = 'none' | 'signs' | number

/** From here on letters are replaced one by one, so that a text can be compressed as well as before. */
const LONG = 400

/** UUIDs, hashes and the like. */
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f-]{12,}$/iu

/**
 * Another text of the same look: as many characters and bytes, capitals, digits and scripts where they were, signs as they
 * are. Texts that differ in case alone give texts that differ in case alone, by the same draws.
 */
export const redraw = (text: string, draws: Draws, liberty: Liberty = 'none'): string => {
  const letters = [...text]
  const isHex = HEX.test(text)
  const replaced = letters.length > LONG ? new Map<string, string>() : undefined
  let isFirst = true
  const drawn = letters.map((letter) => {
    const lower = small(letter)
    const pool = poolOf(lower, { isHex, isFirst: isFirst && replaced === undefined }) ?? otherSign(lower, liberty)
    if (pool === undefined) return letter
    isFirst = false
    const other = replaced === undefined ? one(pool, draws) : once(lower, pool, replaced, draws)
    return lower === letter ? other : capital(other)
  })
  return drawn.join('') + longer(drawn.at(-1) ?? '', draws, typeof liberty === 'number' ? liberty : 0)
}

const otherSign = (letter: string, liberty: Liberty): Pool | undefined =>
  liberty === 'none' ? undefined : signsLike(letter)

const one = ({ letters }: Pool, draws: Draws): string => letters[draws.next(letters.length)] ?? ''

/** The same letter for the same one, and for no other of its pool. */
const once = (letter: string, pool: Pool, replaced: Map<string, string>, draws: Draws): string => {
  const known = replaced.get(`${pool.name}\0${letter}`)
  if (known !== undefined) return known
  const taken = [...replaced].flatMap(([from, to]) => (from.startsWith(`${pool.name}\0`) ? [to] : []))
  const free = pool.letters.filter((each) => !taken.includes(each))
  const other = one({ name: pool.name, letters: free.length === 0 ? pool.letters : free }, draws)
  replaced.set(`${pool.name}\0${letter}`, other)
  return other
}

const longer = (last: string, draws: Draws, by: number): string => {
  const pool: Pool = /[0-9]/u.test(last)
    ? { name: '0-9', letters: [...'0123456789'] }
    : { name: 'a-z', letters: [...'abcdefghijklmnopqrstuvwxyz'] }
  return Array.from({ length: by }, () => one(pool, draws)).join('')
}
