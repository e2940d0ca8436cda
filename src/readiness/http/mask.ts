import { STATUS_CODES } from 'node:http'
import type { ReadinessMessage } from '../../report/readiness-document.ts'
import type { Answer, Exchange, Question } from './exchange.ts'
import { foundSecrets } from './found-secrets.ts'
import { mask, maskOf } from './masked-text.ts'
import { isSecretHeader, isSecretName } from './secret-names.ts'

export interface ShownMessage {
  readonly request: ReadinessMessage
  readonly answer?: ReadinessMessage
  readonly failure?: string
}

/** In characters: what of a body is shown, and of a header. */
const LONGEST_BODY = 1000
const LONGEST_HEADER = 300

/** In levels of JSON: what lies deeper is not shown. */
const DEEPEST = 12

/** A question and its answer as they may be shown and written down: every secret masked, bodies shortened. */
export const shownMessage = (exchange: Exchange): ShownMessage => {
  const secrets = foundSecrets(exchange)
  const { question, answer, failure } = exchange
  return {
    request: requestOf(question, secrets),
    ...(answer === undefined ? {} : { answer: answerOf(answer, secrets) }),
    ...(failure === undefined ? {} : { failure: plain(failure.why, secrets) }),
  }
}

const requestOf = (question: Question, secrets: readonly string[]): ReadinessMessage => {
  const body = question.body === undefined ? undefined : requestBody(question.body, secrets)
  return {
    line: `${question.method} ${plain(question.url, secrets)}`,
    headers: headersOf(question.headers ?? {}, secrets),
    ...(body === undefined ? {} : { body }),
  }
}

const requestBody = (body: NonNullable<Question['body']>, secrets: readonly string[]): string => {
  if ('json' in body) return jsonText(body.json, secrets)
  const lines = Object.entries(body.form).map(
    ([name, value]) => `${name}=${isSecretName(name) ? maskOf(value) : plain(value, secrets)}`,
  )
  return shortened(lines.join('\n'), LONGEST_BODY)
}

const answerOf = (answer: Answer, secrets: readonly string[]): ReadinessMessage => {
  const body = answerBody(answer, secrets)
  return {
    line: [answer.status, STATUS_CODES[answer.status] ?? ''].join(' ').trim(),
    headers: headersOf(answer.headers, secrets),
    ...(body === undefined ? {} : { body }),
  }
}

const answerBody = ({ text, json, headers }: Answer, secrets: readonly string[]): string | undefined => {
  if (text === '') return undefined
  if (json !== undefined) return jsonText(json, secrets)
  // Pages hold what belongs to the session in scripts, forms and links of any shape.
  if (/^\s*</u.test(text) || /\b(?:html|xml)\b/iu.test(headers['content-type'] ?? '')) return pageWords(text, secrets)
  return shortened(plain(text, secrets), LONGEST_BODY)
}

const pageWords = (text: string, secrets: readonly string[]): string => {
  const title = /<title[^>]*>([^<]{1,200})/iu.exec(text)?.[1]?.trim()
  const length = `a page of ${text.length} characters`
  return title === undefined ? length : `${length}, “${plain(title, secrets)}”`
}

const jsonText = (json: unknown, secrets: readonly string[]): string => {
  const text = JSON.stringify(membersMasked(json, 0), undefined, 2) ?? ''
  return shortened(plain(text, secrets), LONGEST_BODY)
}

const membersMasked = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return '…'
  if (Array.isArray(value)) return value.map((inner) => membersMasked(inner, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretName(name) ? leavesMasked(inner, depth + 1) : membersMasked(inner, depth + 1),
    ]),
  )
}

const leavesMasked = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string' || typeof value === 'number') return maskOf(String(value))
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return '…'
  if (Array.isArray(value)) return value.map((inner) => leavesMasked(inner, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, leavesMasked(inner, depth + 1)]))
}

const headersOf = (headers: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] =>
  Object.entries(headers).map(([name, value]) => {
    const shown = isSecretHeader(name) ? credentialsMasked(name, value) : plain(value, secrets)
    return `${name}: ${shortened(shown, LONGEST_HEADER)}`
  })

const credentialsMasked = (name: string, value: string): string => {
  const scheme = /^[A-Za-z]+(?=\s)/u.exec(value)?.[0]
  if (!name.toLowerCase().endsWith('authorization') || scheme === undefined) return maskOf(value)
  return `${scheme} ${maskOf(value.slice(scheme.length).trimStart())}`
}

const plain = (text: string, secrets: readonly string[]): string => parametersMasked(mask(text, secrets))

/** The values of parameters of addresses, also within another address, and of members of JSON within a text. */
const parametersMasked = (text: string): string =>
  text
    .replaceAll(/(^|[?&#;\s])([\w.-]+)=([^&#\s"'<>‹]+)/gu, (all, before: string, name: string, value: string) =>
      isSecretName(name) ? `${before}${name}=${maskOf(value)}` : all,
    )
    .replaceAll(
      /(%3F|%26|%23)([\w.-]+)%3D((?:(?!%26|%23)[^&#\s"'<>‹])+)/giu,
      (all, before: string, name: string, value: string) =>
        isSecretName(name) ? `${before}${name}%3D${maskOf(value)}` : all,
    )
    .replaceAll(
      /(\\*")([\w.-]+)(\\*"\s*:\s*\\*")((?:(?!\\*")[^‹])+)/gu,
      (all, before: string, name: string, between: string, value: string) =>
        isSecretName(name) ? `${before}${name}${between}${maskOf(value)}` : all,
    )

const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters in all)`
