import type { Evidence, QuestionName } from '../evidence.ts'
import type { Answer, Exchange } from '../http/exchange.ts'
import { errcodeOf } from '../metadata/reading.ts'
import { SEND_MATRIX_TO_HOMESERVER } from './homeserver-remedies.ts'
import { answerWords, isHtml, notAsked } from './op/saying.ts'
import type { Judgement } from './probe.ts'

/** Where something was seen, and what to do. */
export interface Trouble {
  readonly seen: string
  readonly remedy: readonly string[]
}

/**
 * Trouble that any answer may be: none at all, a page in place of JSON, a redirect, an error of the proxy.
 * Undefined where the homeserver itself spoke, and the probe has to tell what it means.
 */
export const answerTrouble = (exchange: Exchange): Trouble | undefined => {
  if (exchange.answer === undefined) {
    return {
      seen: `no answer: ${exchange.failure.why}`,
      remedy: [`See whether the homeserver runs, and from here: curl -v ${exchange.question.url}`],
    }
  }
  const { answer } = exchange
  if (answer.status >= 300 && answer.status < 400) {
    return {
      seen: `${answer.status}, which leads to ${answer.headers['location'] ?? 'nowhere'}`,
      remedy: [
        'Answer at this address itself: not every client follows, and a web client only where each step allows its origin.',
      ],
    }
  }
  if (errcodeOf(answer) !== undefined) return undefined
  const seen = answerWords(answer)
  if (answer.status === 502 || answer.status === 503 || answer.status === 504) {
    return {
      seen: `${seen}: the proxy does not reach the homeserver`,
      remedy: ['See whether the homeserver runs, and in the log of the proxy where it looks for it.'],
    }
  }
  if (isHtml(answer)) return { seen, remedy: SEND_MATRIX_TO_HOMESERVER }
  if (answer.status === 401 || answer.status === 403) {
    return {
      seen: `${seen}: something before the homeserver wants a login`,
      remedy: ['Let /_matrix through without a login of the proxy: clients have none for it.'],
    }
  }
  return undefined
}

/** Judges what was answered; says the trouble of any answer itself, with the level that is given for it. */
export const judgeAnswer = (
  evidence: Evidence,
  question: QuestionName,
  judge: (answer: Answer) => Judgement,
  options: { readonly level?: 'error' | 'warning' | 'info'; readonly unasked?: readonly string[] } = {},
): Judgement => {
  const exchange = evidence.asked[question]
  if (exchange === undefined) return notAsked(evidence, question, options.unasked ?? [])
  if (exchange.answer?.status === 429) {
    return {
      result: 'not asked',
      seen: 'The homeserver had too many questions (429).',
      remedy: ['Ask again in a minute.'],
    }
  }
  const trouble = answerTrouble(exchange)
  if (trouble === undefined && exchange.answer !== undefined) return judge(exchange.answer)
  const { seen, remedy } = trouble ?? { seen: 'no answer', remedy: [] }
  return { result: 'fail', seen, remedy, ...(options.level === undefined ? {} : { level: options.level }) }
}

/** What does not concern a homeserver as this one is. */
export const notConcerned = (seen: string): Judgement => ({ result: 'not asked', seen })

/** How the homeserver calls itself, such as `Synapse`; undefined where it does not say. */
export const homeserverName = (evidence: Evidence): string | undefined => {
  for (const question of ['serverVersion', 'versions'] as const) {
    const json = evidence.asked[question]?.answer?.json
    if (typeof json === 'object' && json !== null && 'server' in json) {
      const { server } = json
      if (typeof server === 'object' && server !== null && 'name' in server && typeof server.name === 'string') {
        return server.name
      }
    }
  }
  return undefined
}
