import type { Ask } from '../http/exchange.ts'
import { askedAgainIn } from '../too-often.ts'

export interface PatienceOptions {
  /** Waits so many milliseconds. @throws the reason of a signal that ends it */
  readonly wait: (milliseconds: number) => Promise<void>
  /** For the person who waits: one line. */
  readonly note: (words: string) => void
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** In milliseconds, for all questions together. */
const LONGEST = 10_000

/** What asks once more where a server that has too many questions (429) says when; what leaves something behind is asked as before. */
export interface Patience {
  /** @throws the signal's reason */
  readonly ask: Ask
  /** The same without asking twice. @throws the signal's reason */
  readonly askOnce: Ask
}

/** While a server is waited for it is asked nothing else. Where it wants more time than is left, its 429 is what it answered. */
export const patiently = (ask: Ask, { wait, note, now = () => performance.now() }: PatienceOptions): Patience => {
  /** By origin: until when it wants to be left alone. */
  const busy = new Map<string, number>()
  let left = LONGEST
  const rest = async (origin: string): Promise<void> => {
    // Another's answer may have made it longer meanwhile.
    for (let more = (busy.get(origin) ?? 0) - now(); more > 0; more = (busy.get(origin) ?? 0) - now()) await wait(more)
  }
  const askOnce: Ask = async (question) => {
    await rest(originOf(question.url))
    return ask(question)
  }
  const mayWait = (origin: string, milliseconds: number): boolean => {
    const at = now()
    const before = Math.max(busy.get(origin) ?? at, at)
    const longer = Math.max(at + milliseconds - before, 0)
    if (longer > left) return false
    // Six are asked at once: what they all say is told once.
    if (before === at && longer > 0) note(waitingFor(origin, milliseconds))
    left -= longer
    busy.set(origin, before + longer)
    return true
  }
  return {
    askOnce,
    ask: async (question) => {
      const exchange = await askOnce(question)
      const { answer } = exchange
      const again = answer?.status === 429 ? askedAgainIn(answer) : undefined
      return again !== undefined && mayWait(originOf(question.url), again) ? askOnce(question) : exchange
    },
  }
}

const originOf = (url: string): string => URL.parse(url)?.origin ?? ''

const waitingFor = (origin: string, milliseconds: number): string =>
  `${origin} has too many questions (429): it is asked again in ${Math.max(1, Math.ceil(milliseconds / 1000))} s, as it says`
