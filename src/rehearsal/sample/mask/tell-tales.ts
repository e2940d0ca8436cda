import { COMMON_WORDS } from './common-words.ts'
import { providerKey } from './providers.ts'
import { SHORTEST_PART } from './texts-seen.ts'

/** Finds out which names of providers would tell what somebody is called. */
export interface TellTales {
  /** Told of everything that must not be found in a sample. */
  see(text: string): void
  /**
   * Told of a host, with or without a port, or of anything else that is masked word by word.
   * @param whose own: of the homeserver or of an issuer, which a name may also be the beginning of. another: of an address.
   */
  seeHost(host: string, whose: 'own' | 'another'): void
  /**
   * Those that are such a text, or hold one of eight or more characters, or hold a part of a host; and whatever is nearly one of
   * them.
   */
  found(): readonly string[]
}

/** Within another word, from so many letters on: three stand in many by chance. */
const WITHIN = 4

/** As a word of its own. */
const SHORTEST_WORD = 3

const SIGNS = /[^\p{L}\p{N}]+/u

/** What is left of a text where what thousands are called is left out. */
const tellingWords = (text: string): readonly string[] =>
  text.split(SIGNS).filter((word) => [...word].length > 0 && !/^\d+$/u.test(word) && !COMMON_WORDS.has(word))

/** What a host is known by: its parts and their words, but for the last part, which it has in common with millions. */
const partsOf = (host: string): readonly string[] => {
  const bare = host.toLowerCase().replace(/:\d{1,5}$/u, '')
  // An address of IPv6 has no names.
  if (bare.startsWith('[')) return []
  const labels = bare.split('.').filter((label) => label !== '')
  return (labels.length > 1 ? labels.slice(0, -1) : labels).flatMap((label) => {
    const words = tellingWords(label)
    return words.length === 0 ? [] : [label, ...words]
  })
}

interface Watched {
  readonly whole: string
  readonly key: string
  readonly words: readonly string[]
}

const holds = ({ key, words }: Watched, part: string, whose: 'own' | 'another'): boolean => {
  const { length } = [...part]
  if (length < SHORTEST_WORD) return false
  if (words.includes(part)) return true
  if (SIGNS.test(part)) return key.includes(part)
  if (length >= WITHIN && words.some((word) => word.includes(part))) return true
  return whose === 'own' && words.some((word) => [...word].length >= WITHIN && part.includes(word))
}

/** @param names few: each text is held against each of them. Unlike what was seen, this never says so where it is not. */
export const tellTales = (names: readonly string[]): TellTales => {
  const innocent = new Map(
    names.map((name): [string, Watched] => {
      const key = providerKey(name)
      return [name, { whole: name.toLowerCase(), key, words: tellingWords(key) }]
    }),
  )
  const guilty = new Set<string>()
  const accuse = (tells: (watched: Watched) => boolean): void => {
    for (const [name, watched] of innocent) {
      if (!tells(watched)) continue
      guilty.add(watched.key)
      innocent.delete(name)
    }
  }
  return {
    see: (text) => {
      const folded = text.toLowerCase()
      if (folded === '') return
      const isPart = [...folded].length >= SHORTEST_PART
      accuse(({ whole, key }) => whole === folded || key === folded || (isPart && whole.includes(folded)))
    },
    seeHost: (host, whose) => {
      for (const part of partsOf(host)) accuse((watched) => holds(watched, part, whose))
    },
    found: () => names.filter((name) => guilty.has(providerKey(name))),
  }
}
