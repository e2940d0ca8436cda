import bcrypt from 'bcryptjs'
import type { DrawsOf } from './draws.ts'
import { redraw } from './redraw.ts'

/** Dearer ones would take seconds each: theirs are hashes of no password. */
const DEAREST = 13

/** As Synapse takes them. The first seven characters say which kind, and at what cost. */
const BCRYPT = /^\$2[abxy]\$\d\d\$[\x20-\x7e]{53}$/u
const KIND = 7

/** Beginnings of other kinds of hashes, which are no secret. */
const OTHER_KINDS =
  /^(?:\$(?:2[abxy]?|argon2(?:id|i|d)|pbkdf2(?:-sha\d+|_sha\d+)?|scrypt|[156]|7|y)\$(?:\d\d\$)?|\{[A-Z0-9-]{2,10}\})/u

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** What the people of a sample log in with. Made up, and no secret. */
export interface MadeUpPassword {
  readonly password: string
  /** Appended to it before it is hashed, as Synapse does. */
  readonly pepper: string
}

export interface Hashes {
  of(hash: string): string
  /** Whether somebody with this hash logs in with the made-up password. */
  fits(hash: string): boolean
}

/** The beginning of a bcrypt hash that Synapse would take; undefined: it is none. */
export const bcryptKind = (hash: string): string | undefined => (BCRYPT.test(hash) ? hash.slice(0, KIND) : undefined)

const salt = (draws: DrawsOf, kind: string, length: number): string => {
  const each = draws('hash', kind)
  return Array.from({ length }, () => ALPHABET[each.next(ALPHABET.length)]).join('')
}

/**
 * Hashes of the made-up password, one of each kind and cost; whoever had none of these has what looks like theirs.
 * @param kinds of the hashes of the source, as `bcryptKind` says them.
 */
export const maskedHashes = async (
  kinds: readonly string[],
  { draws, password, pepper }: MadeUpPassword & { readonly draws: DrawsOf },
): Promise<Hashes> => {
  const made = new Map<string, string>()
  for (const kind of new Set(kinds)) {
    const cost = Number(kind.slice(4, 6))
    if (cost < 4 || cost > DEAREST || kind.startsWith('$2x')) continue
    // 16 bytes in 22 characters: the last one has two bits of them.
    const hashed = await bcrypt.hash(password.normalize('NFKC') + pepper, `${kind}${salt(draws, kind, 21)}e`)
    made.set(kind, hashed)
  }
  return {
    of: (hash) => {
      if (hash === '') return hash
      const kind = bcryptKind(hash)
      if (kind !== undefined) return made.get(kind) ?? kind + salt(draws, hash, 53)
      const [known = ''] = OTHER_KINDS.exec(hash) ?? []
      return known + redraw(hash.slice(known.length), draws('hash', hash))
    },
    fits: (hash) => made.has(bcryptKind(hash) ?? ''),
  }
}
