import type { Located } from './located.ts'

/** Puts a later file over an earlier one: sections are merged key by key, anything else of the later file replaces the earlier. */
export const mergeFiles = (earlier: Located, later: Located): Located => {
  if (earlier.kind !== 'map' || later.kind !== 'map') return later
  const entries = new Map(earlier.entries)
  for (const [key, value] of later.entries) {
    const before = entries.get(key)
    entries.set(key, before ? mergeFiles(before, value) : value)
  }
  return { ...later, entries, keys: new Map([...earlier.keys, ...later.keys]) }
}
