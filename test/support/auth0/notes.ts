import type { Notes } from '../../../src/targets/earlier-runs.ts'

/** What a target wrote down, for another one to find. */
export interface KeptNotes extends Notes {
  /** All that was ever written. */
  readonly texts: readonly string[]
  count(): number
}

export const keptNotes = (): KeptNotes => {
  const kept = new Map<string, string>()
  const texts: string[] = []
  return {
    texts,
    count: () => kept.size,
    all: async () => new Map(kept),
    set: async (key, text) => {
      if (text === undefined) kept.delete(key)
      else kept.set(key, text)
      texts.push(`${key} ${text ?? ''}`)
    },
  }
}
