import type { DrawsOf } from './draws.ts'
import { type Liberty, redraw } from './redraw.ts'
import { type RoughSet, roughSet, type TextsSeen } from './texts-seen.ts'

/** Other texts in the place of the source's, of one kind: each has one of its own, wherever it stands. */
export interface Aliases {
  /** Gives a text its own. To be told of all texts first where only exceptions are remembered. */
  learn(text: string): void
  of(text: string): string
}

export interface AliasOptions {
  /** Of the kind: the same text of another kind becomes another. */
  readonly purpose: string
  readonly draws: DrawsOf
  readonly seen: TextsSeen
  /** What two texts have in common that must stay alike, such as their letters but for the case. */
  readonly fold?: (text: string) => string
  /** Makes another text of a folded one, of what `draws` gives. */
  readonly shape?: (text: string, attempt: number, liberty: Liberty) => string
  /** Gives the other text the look that the text has beyond what is folded. */
  readonly dress?: (text: string, folded: string) => string
  /** Whether the other text would be decided about as the first. */
  readonly fits?: (text: string, other: string) => boolean
  /** all: whatever was asked. A number: about how many texts will be learnt, of which only the exceptions are remembered. */
  readonly remembers: 'all' | number
  /** Told the kind where a text gets another one that is not good: somebody may be called so. */
  readonly gaveUp?: ((purpose: string) => void) | undefined
}

/** So often the look of a text is kept; then signs are drawn too, then it grows. */
const TRIES = { alike: 24, signs: 8, each: 6, fitting: 96, most: 400 } as const

/** How much of its look a text gives up at an attempt. */
export const libertyOf = (attempt: number): Liberty => {
  if (attempt < TRIES.alike) return 'none'
  const beyond = attempt - TRIES.alike - TRIES.signs
  return beyond < 0 ? 'signs' : 1 + Math.floor(beyond / TRIES.each)
}

export const aliases = (options: AliasOptions): Aliases => {
  const { purpose, draws, seen, fold = same, dress = (_, other) => other, fits, remembers } = options
  const shape = options.shape ?? ((text, attempt, liberty) => redraw(text, draws(purpose, text, attempt), liberty))
  const attempts = new Map<string, number>()
  const taken: RoughSet = remembers === 'all' ? new Set<string>() : roughSet(remembers)
  const candidate = (folded: string, attempt: number): string => shape(folded, attempt, libertyOf(attempt))
  const isGood = (text: string, other: string, attempt: number): boolean =>
    other !== text &&
    !taken.has(other) &&
    !seen.isIn(other) &&
    (fits === undefined || attempt >= TRIES.fitting || fits(text, dress(text, other)))
  const settle = (text: string, folded: string): number => {
    for (let attempt = 0; attempt < TRIES.most; attempt++) {
      const other = candidate(folded, attempt)
      if (!isGood(text, other, attempt)) continue
      taken.add(other)
      if (remembers === 'all' || attempt > 0) attempts.set(folded, attempt)
      return attempt
    }
    attempts.set(folded, TRIES.most)
    options.gaveUp?.(purpose)
    return TRIES.most
  }
  return {
    learn: (text) => {
      if (text !== '') settle(text, fold(text))
    },
    of: (text) => {
      if (text === '') return text
      const folded = fold(text)
      const known = attempts.get(folded)
      const attempt = known ?? (remembers === 'all' ? settle(text, folded) : 0)
      return dress(text, candidate(folded, attempt))
    },
  }
}

const same = (text: string): string => text
