import { inSmallLetters } from '../mask/capitals.ts'
import type { Servers } from '../mask/servers.ts'
import type { NamespacePiece } from './namespace-pieces.ts'

const hostOf = (serverName: string): string => serverName.replace(/:\d{1,5}$/u, '')

/**
 * Finds the homeserver's own host where an expression begins with all of it, its dots escaped or not.
 * @returns undefined: something else stands there, or its name goes on.
 */
export const ownHost = (serverName: string): ((regex: string) => NamespacePiece | undefined) => {
  const text = hostOf(serverName)
  const letters = [...text].map((letter) => {
    if (/[\p{L}\p{N}]/u.test(letter)) return letter
    const sign = `[${/[\]\\^-]/u.test(letter) ? `\\${letter}` : letter}]`
    // Of an expression's signs, a dot alone stands for itself as well.
    return /[\\^$|?*+()[\]{}]/u.test(letter) ? `\\\\${sign}` : `\\\\?${sign}`
  })
  const pattern = new RegExp(`^${letters.join('')}(?![\\p{L}\\p{N}_?*+{-]|\\\\?\\.[\\p{L}\\p{N}])`, 'u')
  return (regex) => {
    const written = pattern.exec(regex)?.[0]
    return written === undefined || text === '' ? undefined : { of: 'host', text, written }
  }
}

interface Surroundings {
  readonly servers: Servers
  readonly serverName: string
  /** Whether a host begins with the text. */
  readonly begins: boolean
  /** Whether a label stands before the text, or after it, with nothing but a dot between them. */
  readonly follows: boolean
  readonly isFollowed: boolean
}

/** Labels of a host, masked as they are in a whole one, as far as it can be told which of them is the last. */
export const maskedLabels = (
  text: string,
  { servers, serverName, begins, follows, isFollowed }: Surroundings,
): string => {
  const own = hostOf(inSmallLetters(serverName)).split('.')
  const labels = text.split('.')
  const isTop = (label: string, index: number): boolean => {
    if (index < labels.length - 1 || isFollowed || /^\d*$/u.test(label)) return false
    if (index === 0 && begins) return false
    const small = inSmallLetters(label)
    if (own.length > 1 && small === own.at(-1)) return true
    return (index > 0 || follows) && !own.includes(small)
  }
  return labels.map((label, index) => (isTop(label, index) ? servers.top(label) : servers.label(label))).join('.')
}
