import { importIdOf } from '../accounts/user-id.ts'
import { endsBy, type ImportNotes, isOfRun, minuteOf } from '../jobs/import-notes.ts'

/**
 * Of a run's users, by user_id, why they may come though they are not there: an import that may still be at work. Undefined: they
 * come no more.
 */
export const whoMayCome = async (
  imports: Pick<ImportNotes, 'open'>,
  runId: string,
): Promise<(id: string) => string | undefined> => {
  const until = new Map<string, number>()
  for (const { about } of await imports.open()) {
    if (!isOfRun(about, runId)) continue
    for (const user of about.users) until.set(user, Math.max(endsBy(about), until.get(user) ?? 0))
  }
  return (id) => {
    const end = until.get(importIdOf(id))
    return end === undefined ? undefined : wordsOf(end)
  }
}

const wordsOf = (end: number): string =>
  `an import whose answer was lost may make it until ${minuteOf(end)}: take the run back once more after that`
