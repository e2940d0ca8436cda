import type { Evidence, QuestionName } from './evidence.ts'
import type { Exchange } from './http/exchange.ts'

/** Why such a question counts as not asked. */
export const TOO_OFTEN = 'The server has too many questions (429): ask again in a minute.'

export const isTooOften = ({ answer }: Exchange): boolean => answer?.status === 429

/** The same evidence where questions answered by 429 were not asked: that a server wants fewer of them says nothing of what was asked. */
export const withoutTooOften = (evidence: Evidence): Evidence => {
  const entries = Object.entries(evidence.asked) as readonly (readonly [QuestionName, Exchange])[]
  const put = entries.filter(([, exchange]) => isTooOften(exchange)).map(([name]) => name)
  if (put.length === 0) return evidence
  return {
    ...evidence,
    asked: Object.fromEntries(entries.filter(([name]) => !put.includes(name))),
    notAsked: { ...evidence.notAsked, ...Object.fromEntries(put.map((name) => [name, TOO_OFTEN])) },
  }
}
