import type { Notes } from '../../../earlier-runs.ts'

/** Which tokens runs have had made, written down for later ones: by their ids, which are no secret. */
export interface TokenNotes {
  /**
   * What is written down there by now is of runs that have ended, since no two are at work with the same notes. They are kept there from
   * now on; before, nowhere.
   */
  keepIn(notes: Notes): Promise<void>
  made(tokenId: string): Promise<void>
  removed(tokenId: string): Promise<void>
  /** Whether a run has left it that has ended. */
  isLeft(tokenId: string): boolean
}

const KEY = 'scim token '

export const keepTokenNotes = (): TokenNotes => {
  const left = new Set<string>()
  let notes: Notes | undefined
  return {
    async keepIn(others) {
      notes = others
      for (const key of (await others.all()).keys()) if (key.startsWith(KEY)) left.add(key.slice(KEY.length))
    },
    made: async (tokenId) => notes?.set(`${KEY}${tokenId}`, 'made'),
    async removed(tokenId) {
      left.delete(tokenId)
      await notes?.set(`${KEY}${tokenId}`, undefined)
    },
    isLeft: (tokenId) => left.has(tokenId),
  }
}
