import pLimit from 'p-limit'
import { type Evidence, OP_DOCUMENTS, QUESTIONS, type QuestionName } from '../evidence.ts'
import type { Ask, Exchange, Question } from '../http/exchange.ts'
import type { Patience } from './patience.ts'

/** What was asked so far; each question once, or why it was not. */
export interface Recording {
  /** @throws the signal's reason */
  ask(name: QuestionName, question: Question): Promise<Exchange>
  /** The same by another way, beside the limit. @throws what that throws */
  by(other: Ask, name: QuestionName, question: Question): Promise<void>
  /** @param why one sentence, without its full stop */
  skip(name: QuestionName, why: string): void
  /** Asks what is no question by name, within the same limit. */
  aside(question: Question): Promise<Exchange>
  asked(name: QuestionName): Exchange | undefined
  /** Both parts, in the order of QUESTIONS. */
  parts(): Pick<Evidence, 'asked' | 'notAsked'>
}

/** So many questions at once: a server that limits rates should answer all of them. */
const AT_ONCE = 6

/** What a question waits for where a whole round of others had no answer in its time. */
const IMPATIENT_MS = 3000

/** The OP may well be another server, and answer. */
const PATIENT: ReadonlySet<QuestionName> = new Set<QuestionName>(OP_DOCUMENTS)

/** What leaves something behind each time that it is asked: not asked twice. */
const LEAVING: ReadonlySet<QuestionName> = new Set<QuestionName>([
  'registration',
  'registrationNative',
  'deviceAuthorization',
])

/** Whether the homeserver let the first question run out of its time, and nobody answered any other. */
const isSilent = (asked: ReadonlyMap<QuestionName, Exchange>): boolean =>
  asked.get('versions')?.failure?.code === 'ETIMEDOUT' &&
  [...asked.values()].every(({ answer }) => answer === undefined)

export const recordingOf = ({ ask, askOnce }: Patience): Recording => {
  const limit = pLimit(AT_ONCE)
  const asked = new Map<QuestionName, Exchange>()
  const notAsked = new Map<QuestionName, string>()
  return {
    ask: async (name, question) => {
      const by = LEAVING.has(name) ? askOnce : ask
      const exchange = await limit(() =>
        by(!PATIENT.has(name) && isSilent(asked) ? { ...question, timeoutMs: IMPATIENT_MS } : question),
      )
      asked.set(name, exchange)
      return exchange
    },
    by: async (other, name, question) => void asked.set(name, await other(question)),
    skip: (name, why) => void notAsked.set(name, `${why}.`),
    aside: (question) => limit(() => ask(question)),
    asked: (name) => asked.get(name),
    parts: () => ({
      asked: inOrder(asked),
      notAsked: inOrder(notAsked),
    }),
  }
}

const inOrder = <Value>(values: ReadonlyMap<QuestionName, Value>): Partial<Record<QuestionName, Value>> =>
  Object.fromEntries(
    QUESTIONS.flatMap((name) => {
      const value = values.get(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
