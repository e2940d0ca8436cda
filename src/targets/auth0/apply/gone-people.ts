import { z } from 'zod'
import type { EarlierRuns, Notes } from '../../earlier-runs.ts'
import { readNote } from '../read-note.ts'

const written = z.object({ mxid: z.string(), createdBy: z.string() })

/** Somebody who is deleted to be made anew. */
export interface GonePerson {
  readonly mxid: string
  /** The run that made them first: it stays the one that takes them back. */
  readonly createdBy: string
}

/** Whoever is deleted to be made anew is written down before, for whichever run makes them again. By user_id. */
export interface GonePeople {
  /**
   * What earlier runs have written down, and where it is from now on; before, in memory.
   * @throws Syn2opError run.unreadable
   */
  know(earlier: Pick<EarlierRuns, 'notes' | 'note'>): Promise<void>
  goes(id: string, person: GonePerson): Promise<void>
  isBack(id: string): Promise<void>
  of(id: string): GonePerson | undefined
  /** Tells whoever watches. */
  tell(message: string): void
}

const KEY = 'gone '

export const keepGonePeople = (): GonePeople => {
  const gone = new Map<string, GonePerson>()
  let notes: Notes | undefined
  let note: EarlierRuns['note'] = () => {}
  return {
    async know(earlier) {
      ;({ notes, note } = earlier)
      for (const entry of await earlier.notes.all()) {
        const [key] = entry
        if (key.startsWith(KEY)) gone.set(key.slice(KEY.length), readNote(earlier.notes, entry, written))
      }
    },
    async goes(id, person) {
      gone.set(id, person)
      await notes?.set(`${KEY}${id}`, JSON.stringify(person))
    },
    async isBack(id) {
      if (gone.delete(id)) await notes?.set(`${KEY}${id}`, undefined)
    },
    of: (id) => gone.get(id),
    tell: (message) => note(message),
  }
}
