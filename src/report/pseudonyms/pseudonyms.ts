import { createHmac } from 'node:crypto'

/** Puts names of its own in the place of people's. Of one key the same name gets the same one, wherever it stands. */
export interface Pseudonyms {
  /** For a name, address, device or value that stands alone. A Matrix id and its localpart alone get the same. */
  readonly name: (name: string) => string
  /** For a sentence: every Matrix id, e-mail address and phone number in it, and these names. */
  readonly text: (sentence: string, names?: readonly string[]) => string
  /** For a sentence about settings, tables, files and the like, in which long numbers are no phones'. */
  readonly ofThings: (sentence: string) => string
}

const MXID = /(?<![\^\\])@[^\s:,;()"'<>]+:[^\s,;()"'<>]+/gu
const WHOLE_MXID = /^@([^:]*):([\w.:[\]-]+)$/su
const EMAIL = /[^\s,;:()"'<>=^\\]+@[^\s,;:()"'<>]+\.[^\s,;:()"'<>.]+/gu
const PHONE = /(?<![\w.:-])\+?\d{8,15}(?![\w.:-])/gu

/** Twelve letters and digits: of 1,000,000 names two share one about once in two million keys. */
const LENGTH = 12

/** @param key a secret; without it nobody can try which name a pseudonym stands for. */
export const pseudonymsOf = (key: Buffer): Pseudonyms => {
  const digest = (text: string): string =>
    BigInt(`0x${createHmac('sha256', key).update(text).digest('hex')}`)
      .toString(36)
      .padStart(50, '0')
      .slice(-LENGTH)
  const mxid = (localpart: string, server: string): string => `@p-${digest(localpart)}:${server}`
  const name = (text: string): string => {
    if (text === '') return text
    const [, localpart, server] = WHOLE_MXID.exec(text) ?? []
    return localpart === undefined || server === undefined ? `p-${digest(text)}` : mxid(localpart, server)
  }
  const replaceNames = (sentence: string, names: readonly string[]): string => {
    const known = [...new Set(names)].filter((each) => each !== '').toSorted((a, b) => b.length - a.length)
    if (known.length === 0) return sentence
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${known.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'gu')
    return sentence.replace(pattern, name)
  }
  const ofThings = (sentence: string): string => sentence.replace(MXID, asIsOr(name)).replace(EMAIL, asIsOr(name))
  return {
    name,
    text: (sentence, names = []) => ofThings(replaceNames(sentence, names)).replace(PHONE, name),
    ofThings,
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)

/** What is a pseudonym already stays one. */
const asIsOr =
  (name: (text: string) => string) =>
  (found: string): string =>
    /^@?p-[0-9a-z]{12}(?::|$)/u.test(found) ? found : name(found)
