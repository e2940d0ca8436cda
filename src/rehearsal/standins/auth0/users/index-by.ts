/** Finds ids by a text that several of them can have. */
export interface IndexBy {
  of(text: string): readonly string[]
  add(text: string, id: string): void
  remove(text: string, id: string): void
}

/** Nearly every text has one id: it is kept as it is, for lists of a million times one take several times the memory. */
export const openIndex = (): IndexBy => {
  const ids = new Map<string, string | readonly string[]>()
  const of = (text: string): readonly string[] => {
    const known = ids.get(text) ?? []
    return typeof known === 'string' ? [known] : known
  }
  return {
    of,
    add: (text, id) => {
      const known = of(text)
      if (known.length === 0) ids.set(text, id)
      else if (!known.includes(id)) ids.set(text, [...known, id])
    },
    remove: (text, id) => {
      const [first, ...others] = of(text).filter((known) => known !== id)
      if (first === undefined) ids.delete(text)
      else ids.set(text, others.length === 0 ? first : [first, ...others])
    },
  }
}
