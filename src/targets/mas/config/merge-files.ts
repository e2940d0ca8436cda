import type { Located } from '../../../config/yaml/located.ts'

/**
 * Puts a later configuration file over an earlier one as MAS does: maps are merged key by key, lists are joined, and
 * anything else of the later file replaces the earlier value, a null too.
 * Source: MAS, its use of figment's `admerge`, tried.
 */
export const mergeAsMas = (earlier: Located, later: Located): Located => {
  if (earlier.kind === 'list' && later.kind === 'list') return { ...earlier, items: [...earlier.items, ...later.items] }
  if (earlier.kind !== 'map' || later.kind !== 'map') return later
  const entries = new Map(earlier.entries)
  for (const [key, value] of later.entries) {
    const before = entries.get(key)
    entries.set(key, before ? mergeAsMas(before, value) : value)
  }
  return { ...later, entries }
}
