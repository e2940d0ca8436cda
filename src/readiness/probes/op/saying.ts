import type { Evidence, QuestionName } from '../../evidence.ts'
import type { Answer, Exchange } from '../../http/exchange.ts'
import { memberOf, metadataReading, objectOf } from '../../metadata/reading.ts'
import { isPutOff } from '../../too-often.ts'
import type { Judgement } from '../probe.ts'

type NotAsked = Extract<Judgement, { readonly result: 'not asked' }>

/** Of a question that nobody asked: why, and how to have it asked. */
export const notAsked = (evidence: Evidence, question: QuestionName, remedy: readonly string[] = []): NotAsked => ({
  result: 'not asked',
  seen: evidence.notAsked[question] ?? 'It was not asked.',
  ...(remedy.length > 0 && !isPutOff(evidence, question) ? { remedy } : {}),
})

/** Where no OP's document is at hand that could be judged. */
export const noDocument = (evidence: Evidence): NotAsked => {
  if (evidence.issuer !== undefined) {
    return { result: 'not asked', seen: `No document of ${evidence.issuer} could be read: OP_DISCOVERY says why.` }
  }
  const states = (['metadataStable', 'metadataUnstable'] as const).map((path) => metadataReading(evidence, path).state)
  return {
    result: 'not asked',
    // A homeserver that did not answer, or not in its own words, may have one all the same.
    seen: states.some((state) => state === 'unreachable' || state === 'wrong')
      ? 'No OP is known: the homeserver does not say. METADATA_STABLE and METADATA_UNSTABLE say more.'
      : 'There is no OP: the homeserver names none.',
    remedy: ['Name an OP that the homeserver is to work with: --op ISSUER'],
  }
}

const LONGEST = 200

/** Text of a server on one line, shortened. */
export const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/gu, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

/** The member of what came as JSON; absent where it is no object, or has none of its own. */
export const member = (value: unknown, name: string): unknown => memberOf(objectOf(value), name)

/** Error as OAuth, Matrix and Okta write it. */
export const errorOf = (json: unknown): string | undefined =>
  [member(json, 'error'), member(json, 'errcode'), member(json, 'errorCode')].find(
    (each): each is string => typeof each === 'string',
  )

const detailOf = (json: unknown): string | undefined =>
  [
    member(json, 'error_description'),
    member(json, 'errorSummary'),
    member(json, 'message'),
    member(json, 'error'),
  ].find((each): each is string => typeof each === 'string' && each !== errorOf(json))

export const isHtml = ({ headers, text }: Answer): boolean =>
  (headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html)/iu.test(text)

/** `403 insufficient_scope: Host not trusted`, `502 with a page of HTML`, `200 without JSON`. */
export const answerWords = (answer: Answer): string => {
  const { status, json, text } = answer
  const error = errorOf(json)
  const detail = detailOf(json)
  if (error !== undefined) return `${status} ${shortened([error, detail].filter(Boolean).join(': '))}`
  if (detail !== undefined) return `${status} ${shortened(detail)}`
  if (isHtml(answer)) return `${status} with a page of HTML`
  if (json !== undefined) return String(status)
  return text === '' ? `${status} without a body` : `${status} without JSON`
}

/** What came of a question: the answer in words, or why there is none. */
export const exchangeWords = (exchange: Exchange): string =>
  exchange.answer === undefined ? `no answer: ${exchange.failure.why}` : answerWords(exchange.answer)

/**
 * Whether it is an error of OAuth, such as `invalid_client`, or of Matrix, but that there is no such route: frameworks and
 * gateways have an `error` too, `Not Found`, and a homeserver answers so in the stead of its OP.
 */
export const isOwnError = (json: unknown): boolean => {
  const code = member(json, 'errcode')
  if (typeof code === 'string') return code.startsWith('M_') && code !== 'M_UNRECOGNIZED'
  const error = member(json, 'error')
  return typeof error === 'string' && /^[a-z]+(?:_[a-z]+)+$/u.test(error)
}
