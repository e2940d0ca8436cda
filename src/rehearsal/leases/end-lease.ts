import { rm } from 'node:fs/promises'
import { endBelonging, type Means } from './end-belonging.ts'
import { type LeaseRecord, readRecord } from './lease-record.ts'

/** What was ended of a rehearsal, and what could not be, in words. */
export interface EndedLease {
  readonly what: readonly string[]
  readonly left: readonly string[]
}

/** Ends all that a lease holds; its folder goes when nothing is left. */
export const endLease = async (
  folder: string,
  { id, belongings }: LeaseRecord,
  means: Omit<Means, 'id' | 'folder'>,
): Promise<EndedLease> => {
  const what: string[] = []
  const left: string[] = []
  // What was begun later may use what was begun before.
  for (const belonging of belongings.toReversed()) {
    means.signal.throwIfAborted()
    try {
      what.push(...(await endBelonging(belonging, { ...means, id, folder })))
    } catch (error) {
      left.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (left.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  return { what: what.length === 0 && left.length === 0 ? ['its files'] : what, left }
}

/** The same at once, for a rehearsal that has just died; what needs somebody's password is left to the next sweep. */
export const endAbandoned = async (folder: string): Promise<void> => {
  const record = await readRecord(folder)
  if (record === undefined || record.kept) return
  await endLease(folder, record, { signal: new AbortController().signal })
}
