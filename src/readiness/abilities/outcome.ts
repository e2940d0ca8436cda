import type { ReadinessAbility, ReadinessProbe } from '../../report/readiness-document.ts'

/** What an ability hangs on. */
export type Because = ReadinessAbility['because'][number]

/** Whether it can be done, before it is said with which client. */
export type Outcome = Pick<ReadinessAbility, 'can' | 'by' | 'because'>

/** @param because what people meet all the same, or what was not tried. */
export const yes = (by: string, because: readonly Because[] = []): Outcome => ({ can: 'yes', by, because })

export const no = (...because: readonly Because[]): Outcome => ({ can: 'no', because })

export const unknown = (...because: readonly Because[]): Outcome => ({ can: 'unknown', because })

/** Of a client that does not do it, whatever the servers say. */
export const never = (words: string): Outcome => ({ can: 'never', because: [{ words: sentence(words) }] })

/** What is so, told by no probe. */
export const because = (words: string): Because => ({ words: sentence(words) })

/** What people meet, and behind it what the probe saw. */
export const told = (probe: ReadinessProbe | undefined, words: string): Because =>
  probe === undefined ? because(words) : { probe: probe.code, words: sentence(`${unended(words)}: ${probe.seen}`) }

/** The same where the words already say what was seen. */
export const named = (probe: ReadinessProbe | undefined, words: string): Because => ({
  ...(probe === undefined ? {} : { probe: probe.code }),
  words: sentence(words),
})

const sentence = (words: string): string => {
  const whole = words.slice(0, 1).toUpperCase() + words.slice(1)
  return /[.!?…”]$/u.test(whole) ? whole : `${whole}.`
}

const unended = (words: string): string => words.replace(/[.:]$/u, '')
