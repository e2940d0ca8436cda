import type { Notes } from '../../../src/targets/earlier-runs.ts'

/** What a target wrote down, for another one to find. */
export interface KeptNotes extends Notes {
  /** All that was ever written. */
  readonly texts: readonly string[]
  /** Of what is left to be done; the last import of each run, which has ended, is none of it. */
  countOpen(): number
}

export const keptNotes = (): KeptNotes => {
  const kept = new Map<string, string>()
  const texts: string[] = []
  return {
    texts,
    countOpen: () => [...kept.keys()].filter((key) => !key.startsWith('ended ')).length,
    all: async () => new Map(kept),
    set: async (key, text) => {
      if (text === undefined) kept.delete(key)
      else kept.set(key, text)
      texts.push(`${key} ${text ?? ''}`)
    },
  }
}
