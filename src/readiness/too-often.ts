import { numbered } from '../report/counted.ts'
import type { Evidence, QuestionName } from './evidence.ts'
import type { Answer, Exchange } from './http/exchange.ts'
import { memberOf, objectOf } from './metadata/reading.ts'

/** Why such a question counts as not asked, where the server says no time. */
export const TOO_OFTEN = 'The server has too many questions (429): ask again in a minute.'

export const isTooOften = ({ answer }: Exchange): boolean => answer?.status === 429

/**
 * In milliseconds: when the server wants to be asked again, by Retry-After, in seconds or as a date (RFC 9110), else by Matrix's
 * `retry_after_ms`. A date is held against the server's own clock. Undefined where it does not say.
 */
export const askedAgainIn = ({ headers, json }: Answer): number | undefined => {
  const header = headers['retry-after']?.trim()
  if (header !== undefined && /^\d{1,9}$/u.test(header)) return Number(header) * 1000
  const until = Date.parse(header ?? '') - Date.parse(headers['date'] ?? '')
  if (Number.isFinite(until)) return Math.max(until, 0)
  const milliseconds = memberOf(objectOf(json), 'retry_after_ms')
  return typeof milliseconds === 'number' && Number.isFinite(milliseconds) ? Math.max(milliseconds, 0) : undefined
}

/** The same evidence where questions answered by 429 were not asked: that a server wants fewer of them says nothing of what was asked. */
export const withoutTooOften = (evidence: Evidence): Evidence => {
  const entries = Object.entries(evidence.asked) as readonly (readonly [QuestionName, Exchange])[]
  const put = entries.filter(([, exchange]) => isTooOften(exchange))
  if (put.length === 0) return evidence
  return {
    ...evidence,
    asked: Object.fromEntries(entries.filter(([, exchange]) => !isTooOften(exchange))),
    notAsked: {
      ...evidence.notAsked,
      ...Object.fromEntries(put.map(([name, { answer }]) => [name, againWords(answer)])),
    },
    putOff: put.map(([name]) => name),
  }
}

export const isPutOff = ({ putOff }: Evidence, question: QuestionName): boolean => putOff?.includes(question) === true

const againWords = (answer: Answer | undefined): string => {
  const milliseconds = answer === undefined ? undefined : askedAgainIn(answer)
  if (milliseconds === undefined) return TOO_OFTEN
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const time =
    seconds <= 120
      ? `${numbered(seconds)} second${seconds === 1 ? '' : 's'}`
      : `${numbered(Math.ceil(seconds / 60))} minutes`
  return `The server has too many questions (429): ask again in ${time}, as it says.`
}
