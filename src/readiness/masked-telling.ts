import type { Evidence } from './evidence.ts'
import { finderOf, maskOf, type Occurrence } from './http/masked-text.ts'
import { otherwise, type Standing, writtenOtherwise } from './written-otherwise.ts'

/**
 * What is told of evidence, every secret masked where it came from outside, and our own words as they are, be the secret a word of
 * theirs. To know which is which, it is told again of the same evidence with the secret written otherwise: letters that changed by
 * that came from there. Where something else changes too, the letters are those of a word that we judge by, which is nobody's secret.
 * @param tell pure; gives what JSON can hold.
 */
export const maskedTelling = <Told>(
  evidence: Evidence,
  secrets: readonly string[],
  tell: (evidence: Evidence) => Told,
): Told => {
  const told = tell(evidence)
  const find = remembering(finderOf(secrets))
  const standings = standingsIn(evidence, find)
  if (standings.length === 0) return told
  const turned = new Set<string>()
  const isTurned = ({ word, place }: Standing): boolean => turned.has(word) || turned.has(place)
  const [shape, texts] = [shapeOf(told), textsOf(told)]
  const changes = (): Changes | undefined => {
    try {
      const other = tell(writtenOtherwise(evidence, find, isTurned))
      return shapeOf(other) === shape ? changesOf(texts, textsOf(other)) : undefined
    } catch {
      // A probe that cannot judge it judges by these letters.
      return undefined
    }
  }
  // A word wherever it stands first, since addresses are compared with each other; where it is judged by, each place of it. What we
  // look for by its name, or in a text that is no value, is no secret.
  settle([...new Set(standings.map(({ word }) => word))].toSorted(), turned, changes)
  const judgedBy = standings.filter((standing) => standing.kind === 'value' && !isTurned(standing))
  settle(
    judgedBy.map(({ place }) => place),
    turned,
    changes,
  )
  const found = changes()
  return found === undefined ? told : (eachText(told, (text, index) => masked(text, find, found[index])) as Told)
}

/** The same texts are looked at each time that it is told again. */
const remembering = <Found>(find: (text: string) => Found): ((text: string) => Found) => {
  const known = new Map<string, Found>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const found = find(text)
    known.set(text, found)
    return found
  }
}

const standingsIn = (evidence: Evidence, find: (text: string) => readonly Occurrence[]): readonly Standing[] => {
  const standings: Standing[] = []
  writtenOtherwise(evidence, find, (standing) => {
    standings.push(standing)
    return false
  })
  return standings
}

/** Adds as many as can be turned together without that anything but letters changes. */
const settle = (some: readonly string[], turned: Set<string>, changes: () => Changes | undefined): void => {
  if (some.length === 0) return
  for (const one of some) turned.add(one)
  if (changes() !== undefined) return
  for (const one of some) turned.delete(one)
  if (some.length === 1) return
  const half = Math.ceil(some.length / 2)
  settle(some.slice(0, half), turned, changes)
  settle(some.slice(half), turned, changes)
}

/** Of each text, in their order, which code units changed. */
type Changes = readonly ReadonlySet<number>[]

/** Undefined where anything changed but letters that were written otherwise. */
const changesOf = (texts: readonly string[], others: readonly string[]): Changes | undefined => {
  const changes: ReadonlySet<number>[] = []
  for (const [index, text] of texts.entries()) {
    const changed = changedIn(text, others[index] ?? '')
    if (changed === undefined) return undefined
    changes.push(changed)
  }
  return changes
}

const changedIn = (text: string, other: string): ReadonlySet<number> | undefined => {
  const changed = new Set<number>()
  if (text === other) return changed
  if (text.length !== other.length) return undefined
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === other.charAt(at)) continue
    if (otherwise(text.charAt(at)) !== other.charAt(at)) return undefined
    changed.add(at)
  }
  return changed
}

const shapeOf = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? '' : each))

const textsOf = (value: unknown): readonly string[] => {
  const texts: string[] = []
  eachText(value, (text) => {
    texts.push(text)
    return text
  })
  return texts
}

const eachText = (value: unknown, change: (text: string, index: number) => string): unknown => {
  let index = 0
  const deep = (each: unknown): unknown => {
    if (typeof each === 'string') return change(each, index++)
    if (typeof each !== 'object' || each === null) return each
    if (Array.isArray(each)) return each.map(deep)
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, deep(inner)]))
  }
  return deep(value)
}

const masked = (
  text: string,
  find: (text: string) => readonly Occurrence[],
  changed: ReadonlySet<number> = new Set(),
): string => {
  if (changed.size === 0) return text
  let shown = ''
  let end = 0
  const upTo = (to: number): void => {
    // What is left of a secret where a text was cut.
    while (end < to) {
      const from = end
      while (end < to && changed.has(end) === changed.has(from)) end++
      const piece = text.slice(from, end)
      shown += changed.has(from) ? maskOf(piece) : piece
    }
  }
  for (const { at, text: found, secret } of find(text)) {
    if (!isWithin(changed, at, at + found.length)) continue
    upTo(at)
    shown += maskOf(secret)
    end = at + found.length
  }
  upTo(text.length)
  return shown
}

const isWithin = (places: ReadonlySet<number>, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (places.has(at)) return true
  return false
}
