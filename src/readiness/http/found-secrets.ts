import type { Exchange } from './exchange.ts'
import { isSecretHeader, isSecretName } from './secret-names.ts'

/** Shorter values, such as `login`, are words of everyday: they are masked where they stand, and not elsewhere. */
const SHORTEST = 8

/**
 * What of an exchange is secret wherever it stands, for where it stood once: what the question says, what authorizes, cookies,
 * and the values of fields whose names say so.
 */
export const foundSecrets = ({ question, answer }: Exchange): readonly string[] => {
  const found = new Set<string>(question.secrets)
  const add = (value: string): void => {
    if (value.length >= SHORTEST) found.add(value)
  }
  for (const [name, value] of [...Object.entries(question.headers ?? {}), ...Object.entries(answer?.headers ?? {})]) {
    if (isSecretHeader(name)) for (const part of partsOf(name, value)) add(part)
  }
  for (const url of [question.url, answer?.url, answer?.headers['location']]) {
    if (url !== undefined) for (const value of secretParameters(url)) add(value)
  }
  const { body } = question
  if (body !== undefined) collect('form' in body ? body.form : body.json, add)
  if (body !== undefined && 'form' in body && body.form['code'] !== undefined) add(body.form['code'])
  if (answer?.json !== undefined) collect(answer.json, add)
  return [...found]
}

/** The credentials of an authorization; the values of cookies. */
const partsOf = (name: string, value: string): readonly string[] => {
  if (name.toLowerCase().endsWith('authorization')) return [value.replace(/^\S+\s+/u, '')]
  return value.split(/[;,]\s*/u).flatMap((cookie) => {
    const [key = '', ...rest] = cookie.split('=')
    return COOKIE_ATTRIBUTES.has(key.toLowerCase()) ? [] : [rest.join('=')]
  })
}

const COOKIE_ATTRIBUTES: ReadonlySet<string> = new Set(['path', 'domain', 'expires', 'max-age', 'samesite', 'version'])

const secretParameters = (text: string): readonly string[] => {
  const url = URL.parse(text, 'https://nowhere.invalid')
  if (url === null) return []
  return [url.searchParams, new URLSearchParams(url.hash.replace(/^#\/?\??/u, ''))].flatMap((parameters) =>
    [...parameters].flatMap(([name, value]) => (isSecretName(name) ? [value] : [])),
  )
}

/** `code` and `state` are words of many an error in JSON; what is secret of them comes in addresses and forms. */
const WORDS: ReadonlySet<string> = new Set(['code', 'state'])

const collect = (value: unknown, add: (secret: string) => void, depth = 0): void => {
  if (typeof value !== 'object' || value === null || depth > 20) return
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') {
      if (isSecretName(name) && !WORDS.has(name)) add(inner)
    } else collect(inner, add, depth + 1)
  }
}
