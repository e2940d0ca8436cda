import type { Evidence, QuestionName } from '../evidence.ts'
import type { Answer, Exchange } from '../http/exchange.ts'
import { delegation } from '../metadata/oauth-signs.ts'
import { errcodeOf, memberOf, objectOf } from '../metadata/reading.ts'
import { SEND_MATRIX_TO_HOMESERVER } from './homeserver-remedies.ts'
import { isHomeserversOwn, kindOf } from './op/kind.ts'
import { answerWords, isHtml, notAsked, shortened } from './op/saying.ts'
import type { Judgement } from './probe.ts'

/** Where something was seen, and what to do. */
export interface Trouble {
  readonly seen: string
  readonly remedy: readonly string[]
}

/** `404 M_UNRECOGNIZED: Unrecognized request`; what is no error of Matrix, as answers are said anywhere. */
export const said = (answer: Answer): string => {
  const code = errcodeOf(answer)
  if (code === undefined) return answerWords(answer)
  const error = memberOf(objectOf(answer.json), 'error')
  // Tuwunel repeats the code in the text.
  const text = typeof error === 'string' ? error.replace(`${code}: `, '').replace(/\.$/u, '') : ''
  return shortened(text === '' ? `${answer.status} ${code}` : `${answer.status} ${code}: ${text}`)
}

/** The same of what may have got no answer at all. */
export const exchangeSaid = (exchange: Exchange): string =>
  exchange.answer === undefined ? `no answer: ${exchange.failure.why}` : said(exchange.answer)

/** Whose answer the proxy is to give. */
export type Behind = 'the homeserver' | 'MAS'

/** How proxies say that nobody is behind them; from 520 on as Cloudflare says it. */
const UNREACHED: ReadonlySet<number> = new Set([502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530])

/**
 * Trouble that any answer may be: none at all, a page in place of JSON, a redirect, an error of the proxy.
 * Undefined where the homeserver itself spoke, and the probe has to tell what it means.
 */
export const answerTrouble = (exchange: Exchange, behind: Behind = 'the homeserver'): Trouble | undefined => {
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
  if (UNREACHED.has(answer.status)) {
    return {
      seen: `${seen}: the proxy does not reach ${behind}`,
      remedy: [`See whether ${behind} runs, and in the log of the proxy where it looks for it.`],
    }
  }
  if (answer.status === 401) {
    return {
      seen: `${seen}: something before the homeserver wants a login`,
      remedy: ['Let /_matrix through without a login of the proxy: clients have none for it.'],
    }
  }
  if (answer.status === 403) {
    return {
      seen: `${seen}: something before the homeserver refuses it`,
      remedy: [
        'Let /_matrix through without a login, a list of addresses or a check for robots: see what before the homeserver answers 403.',
      ],
    }
  }
  if (isHtml(answer)) return { seen, remedy: SEND_MATRIX_TO_HOMESERVER }
  return undefined
}

/** Judges what was answered; says the trouble of any answer itself, with the level that is given for it. */
export const judgeAnswer = (
  evidence: Evidence,
  question: QuestionName,
  judge: (answer: Answer) => Judgement,
  options: {
    readonly level?: 'error' | 'warning' | 'info'
    readonly unasked?: readonly string[]
    readonly behind?: Behind
  } = {},
): Judgement => {
  const exchange = evidence.asked[question]
  if (exchange === undefined) return notAsked(evidence, question, options.unasked ?? [])
  const trouble = answerTrouble(exchange, options.behind)
  if (trouble === undefined && exchange.answer !== undefined) return judge(exchange.answer)
  const { seen, remedy } = trouble ?? { seen: 'no answer', remedy: [] }
  return { result: 'fail', seen, remedy, ...(options.level === undefined ? {} : { level: options.level }) }
}

/** What does not concern a homeserver as this one is. */
export const notConcerned = (seen: string): Judgement => ({ result: 'not asked', seen })

/** How the homeserver calls itself, such as `Synapse`; undefined where it does not say. */
export const homeserverName = (evidence: Evidence): string | undefined => {
  for (const question of ['serverVersion', 'versions'] as const) {
    const server = memberOf(objectOf(evidence.asked[question]?.answer?.json), 'server')
    const name = memberOf(objectOf(server), 'name')
    if (typeof name === 'string') return name
  }
  return undefined
}

const WITH_OWN_OP: ReadonlySet<string> = new Set(['tuwunel', 'continuwuity'])

/** Whether the homeserver is one that has an OP of its own, and needs no MAS. */
export const hasOwnOp = (evidence: Evidence): boolean =>
  isHomeserversOwn(kindOf(evidence)) || WITH_OWN_OP.has(homeserverName(evidence)?.toLowerCase() ?? '')

/** Whether it calls itself Synapse. */
export const isSynapse = (evidence: Evidence): boolean => /^synapse\b/iu.test(homeserverName(evidence) ?? '')

/** Whether it may be Synapse, which alone delegates to MAS: it says so, does not say what it is, or names a MAS. */
export const mayHaveMas = (evidence: Evidence): boolean =>
  !hasOwnOp(evidence) && (isSynapse(evidence) || homeserverName(evidence) === undefined || kindOf(evidence) === 'MAS')

/** Whether MAS has the logins, those of apps without OAuth too. */
export const hasMas = (evidence: Evidence): boolean => delegation(evidence) === 'on' && mayHaveMas(evidence)
