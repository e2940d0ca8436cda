import { providerKey } from './providers.ts'
import { SHORTEST_PART } from './texts-seen.ts'

/** Finds out which names of providers would tell what somebody is called. */
export interface TellTales {
  /** Told of everything that must not be found in a sample. */
  see(text: string): void
  /** Those that are such a text, or hold one of eight or more characters; and whatever is nearly one of them. */
  found(): readonly string[]
}

/** @param names few: each text is held against each of them. Unlike what was seen, this never says so where it is not. */
export const tellTales = (names: readonly string[]): TellTales => {
  const innocent = new Map(names.map((name) => [name, { whole: name.toLowerCase(), key: providerKey(name) }]))
  const guilty = new Set<string>()
  return {
    see: (text) => {
      const folded = text.toLowerCase()
      if (folded === '') return
      const isPart = [...folded].length >= SHORTEST_PART
      for (const [name, { whole, key }] of innocent) {
        if (whole !== folded && key !== folded && !(isPart && whole.includes(folded))) continue
        guilty.add(key)
        innocent.delete(name)
      }
    },
    found: () => names.filter((name) => guilty.has(providerKey(name))),
  }
}
