/** Finds ids by a text that several of them can have. */
export interface IndexBy {
  of(text: string): readonly string[]
  add(text: string, id: string): void
  remove(text: string, id: string): void
}

/** Nearly every text has one id: it is kept as it is, for sets of a million times one take several times the memory. */
export const openIndex = (): IndexBy => {
  const ids = new Map<string, string | Set<string>>()
  return {
    of: (text) => {
      const known = ids.get(text)
      if (known === undefined) return []
      return typeof known === 'string' ? [known] : [...known]
    },
    add: (text, id) => {
      const known = ids.get(text)
      if (known === undefined) ids.set(text, id)
      else if (typeof known !== 'string') known.add(id)
      else if (known !== id) ids.set(text, new Set([known, id]))
    },
    remove: (text, id) => {
      const known = ids.get(text)
      if (known === id) ids.delete(text)
      if (known === undefined || typeof known === 'string') return
      known.delete(id)
      if (known.size === 0) ids.delete(text)
    },
  }
}
