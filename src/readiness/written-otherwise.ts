import type { Evidence } from './evidence.ts'
import type { Answer, Exchange } from './http/exchange.ts'
import type { Occurrence } from './http/masked-text.ts'

/** Where in the evidence a secret stands: alike in each place of the same kind, and this place alone. */
export interface Standing {
  readonly kind: 'name' | 'value' | 'text'
  readonly word: string
  readonly place: string
}

/** Each letter stays of its kind, so that an address stays an address, and what is written for one stays so. */
const RINGS = [
  'abcdef',
  'ghijklmnopqrstuvwxyz',
  'ABCDEF',
  'GHIJKLMNOPQRSTUVWXYZ',
  '0123456789',
  '"\\',
  '-_',
  "!*'~",
  '()',
  '<>',
  '[]',
  '{}',
  ';,',
  '|^',
  '$@',
]

const NEXT: ReadonlyMap<string, string> = new Map(
  RINGS.flatMap((ring) => [...ring].map((letter, at) => [letter, ring.charAt((at + 1) % ring.length)] as const)),
)

/** Another letter of the same kind, always the same; of a code unit. */
export const otherwise = (letter: string): string => {
  const next = NEXT.get(letter)
  if (next !== undefined) return next
  return letter > '\u00A0' ? String.fromCodePoint(letter.charCodeAt(0) ^ 1) : letter
}

type Rewrite = (text: string, kind: Standing['kind'], place: string) => string

/** The same evidence where each secret for which `isTurned` says so is written otherwise, in what came from outside. */
export const writtenOtherwise = (
  evidence: Evidence,
  find: (text: string) => readonly Occurrence[],
  isTurned: (standing: Standing) => boolean,
): Evidence =>
  rewritten(evidence, (text, kind, place) => {
    let whole = text
    for (const { at, text: found } of find(text)) {
      const word = `${kind} ${wordAround(text, at, at + found.length)}`
      if (!isTurned({ kind, word, place: `${kind} ${place} ${at}` })) continue
      const turned = Array.from({ length: found.length }, (_, index) => otherwise(found.charAt(index))).join('')
      whole = `${whole.slice(0, at)}${turned}${whole.slice(at + found.length)}`
    }
    return whole
  })

const isOfWord = (letter: string): boolean => letter > '\u007F' || /[\w.-]/u.test(letter)

/** As a host in an address, or a name in a list. */
const wordAround = (text: string, from: number, to: number): string => {
  let [start, end] = [from, to]
  while (start > 0 && isOfWord(text.charAt(start - 1))) start--
  while (end < text.length && isOfWord(text.charAt(end))) end++
  return text.slice(start, end)
}

const rewritten = (evidence: Evidence, rewrite: Rewrite): Evidence => {
  const { baseUrl, issuer, asked, applicationServices } = evidence
  return {
    ...evidence,
    ...(baseUrl === undefined ? {} : { baseUrl: rewrite(baseUrl, 'value', 'baseUrl') }),
    ...(issuer === undefined ? {} : { issuer: rewrite(issuer, 'value', 'issuer') }),
    asked: Object.fromEntries(
      Object.entries(asked).map(([name, exchange]) => [name, exchangeWith(exchange, rewrite, name)]),
    ),
    applicationServices: applicationServices.map((service, index) => ({
      ...service,
      exchange: exchangeWith(service.exchange, rewrite, `service ${index}`),
    })),
  }
}

const exchangeWith = (exchange: Exchange, rewrite: Rewrite, place: string): Exchange => {
  const question = { ...exchange.question, url: rewrite(exchange.question.url, 'value', `${place} asked`) }
  if (exchange.answer !== undefined) return { question, answer: answerWith(exchange.answer, rewrite, place) }
  // The words are our own, but for the addresses in them.
  const why = exchange.failure.why.replaceAll(/https?:\/\/\S+/gu, (url) => rewrite(url, 'value', `${place} failed`))
  return { question, failure: { ...exchange.failure, why } }
}

const answerWith = (answer: Answer, rewrite: Rewrite, place: string): Answer => {
  const deep = (value: unknown, at: string): unknown => {
    if (typeof value === 'string') return rewrite(value, 'value', at)
    if (typeof value === 'number') return Number(rewrite(String(value), 'value', at))
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((each, index) => deep(each, `${at}/${index}`))
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        rewrite(name, 'name', `${at}/${name}`),
        deep(each, `${at}/${name}`),
      ]),
    )
  }
  const headers = (of: Answer['headers'], at: string): Answer['headers'] =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, rewrite(value, 'value', `${at}/${name}`)]))
  return {
    ...answer,
    text: rewrite(answer.text, 'text', `${place} text`),
    headers: headers(answer.headers, `${place} headers`),
    ...(answer.json === undefined ? {} : { json: deep(answer.json, `${place} json`) }),
    url: rewrite(answer.url, 'value', `${place} url`),
    ...(answer.redirections === undefined
      ? {}
      : {
          redirections: answer.redirections.map((each, index) => ({
            ...each,
            url: rewrite(each.url, 'value', `${place} redirected ${index}`),
            headers: headers(each.headers, `${place} redirected ${index}`),
          })),
        }),
  }
}
