import { importIdOf } from '../accounts/user-id.ts'
import { endsBy, type ImportNotes, isOfRun, minuteOf } from '../jobs/import-notes.ts'

/** Who may come though they are not there: by an import that may still be at work. */
export interface WhoMayCome {
  /** Why the run's user of this user_id may come. Undefined: none of the run comes any more. */
  why(id: string): string | undefined
  /** Whether it is a user of whatever run. */
  mayCome(id: string): boolean
}

export const whoMayCome = async (imports: Pick<ImportNotes, 'open'>, runId: string): Promise<WhoMayCome> => {
  const until = new Map<string, number>()
  const ofAnyRun = new Set<string>()
  for (const { about } of await imports.open()) {
    for (const user of about.users) ofAnyRun.add(user)
    if (!isOfRun(about, runId)) continue
    for (const user of about.users) until.set(user, Math.max(endsBy(about), until.get(user) ?? 0))
  }
  return {
    why: (id) => {
      const end = until.get(importIdOf(id))
      return end === undefined ? undefined : wordsOf(end)
    },
    mayCome: (id) => ofAnyRun.has(importIdOf(id)),
  }
}

const wordsOf = (end: number): string =>
  `an import whose answer was lost may make it until ${minuteOf(end)}: take the run back once more after that`
