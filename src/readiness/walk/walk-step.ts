import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Ask, Exchange } from '../http/exchange.ts'
import { shownMessage } from '../http/mask.ts'

/** What is not as it has to be. failed: a client ends here. differs: not as Matrix asks for, and clients go on. */
export interface Trouble {
  readonly weight: 'failed' | 'differs'
  /** Without a full stop. */
  readonly words: string
  readonly remedy?: readonly string[]
}

/** What every step works with. */
export interface Surroundings {
  readonly ask: Ask
  /** Goes on after Ctrl-C: for what ends sessions, and for requests whose lost answer would leave one. */
  readonly askToEnd: Ask
  readonly signal: AbortSignal
  readonly note: (words: string) => void
  /** In milliseconds. @throws the signal's reason */
  readonly wait: (milliseconds: number) => Promise<void>
  /** All that nobody may read in what is shown, as it becomes known. */
  readonly secrets: Set<string>
}

export interface Findings {
  readonly exchanges: readonly Exchange[]
  /** What was found, where nothing is wrong; one sentence without a full stop. */
  readonly seen: string
  readonly troubles: readonly Trouble[]
}

export const failure = (words: string, ...remedy: readonly string[]): Trouble => ({ weight: 'failed', words, remedy })

export const difference = (words: string, ...remedy: readonly string[]): Trouble => ({
  weight: 'differs',
  words,
  remedy,
})

const outcomeOf = (troubles: readonly Trouble[]): ReadinessStep['outcome'] =>
  troubles.some(({ weight }) => weight === 'failed') ? 'failed' : troubles.length > 0 ? 'differs' : 'ok'

/** @param since when the step began, by performance.now() */
export const stepOf = (step: string, since: number, { exchanges, seen, troubles }: Findings): ReadinessStep => ({
  step,
  outcome: outcomeOf(troubles),
  words: troubles.length === 0 ? seen : troubles.map(({ words }) => words).join('; '),
  remedy: [...new Set(troubles.flatMap(({ remedy = [] }) => remedy))],
  messages: exchanges.map(shownMessage),
  milliseconds: Math.round(performance.now() - since),
})

export const skipped = (step: string, why: string, ...remedy: readonly string[]): ReadinessStep => ({
  step,
  outcome: 'skipped',
  words: why,
  remedy,
  messages: [],
  milliseconds: 0,
})
