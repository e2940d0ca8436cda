import { type AliasOptions, aliases, libertyOf } from './aliases.ts'
import type { Draws } from './draws.ts'
import { redraw } from './redraw.ts'

/** Access tokens, refresh tokens, and what else lets somebody in. */
export interface Tokens {
  learn(token: string): void
  of(token: string): string
}

export interface TokenOptions extends Pick<AliasOptions, 'draws' | 'seen'> {
  /** Of people's names, one of which a token of today holds. */
  readonly localpart: (localpart: string) => string
}

/** So short a token might be drawn twice. */
const SHORT = 16

const OF_TODAY = /^syt_(?<name>[A-Za-z0-9+/=_-]*?)_(?<rest>[A-Za-z0-9]+_[A-Za-z0-9]+)$/u
const MACAROON = /^[A-Za-z0-9_-]{20,}$/u
const LOCATION = 'location '
const PREFIX = /^sy[tr]_/u

/**
 * Other tokens of the same kind and length: one of today holds the masked name of whom the first one named; of a macaroon only what it
 * begins with is a macaroon's.
 */
export const maskedTokens = ({ draws, seen, localpart }: TokenOptions): Tokens => {
  const of = (text: string, attempt: number): string => {
    const each = draws('token', text, attempt)
    const liberty = libertyOf(attempt)
    const today = ofToday(text)
    if (today !== undefined) {
      const name = Buffer.from(localpart(today.name)).toString('base64').replace(/=+$/u, '')
      return `syt_${name}${'='.repeat(today.padding)}_${redraw(today.rest, each, liberty, 'drawn')}`
    }
    const [prefix = ''] = PREFIX.exec(text) ?? []
    if (prefix === '' && isMacaroon(text)) return otherMacaroon(text, each)
    const rest = text.slice(prefix.length)
    return prefix + redraw(rest === '' ? 'x' : rest, each, liberty, 'drawn')
  }
  const isSame = (text: string, other: string): boolean =>
    PREFIX.test(text) === PREFIX.test(other) && isMacaroon(text) === isMacaroon(other)
  const short = aliases({
    purpose: 'token',
    draws,
    seen,
    fits: isSame,
    remembers: 'all',
  })
  const long = (text: string): string => {
    for (let attempt = 0; ; attempt++) {
      const other = of(text, attempt)
      if (attempt > 60 || (other !== text && isSame(text, other) && !seen.isIn(other))) return other
    }
  }
  return {
    learn: (token) => {
      if (isShort(token)) short.of(token)
    },
    of: (token) => (isShort(token) ? short.of(token) : long(token)),
  }
}

const isShort = (token: string): boolean => token.length < SHORT && !PREFIX.test(token)

/** Undefined where what stands for the name is not the Base64 of a text. */
const ofToday = (token: string): { name: string; padding: number; rest: string } | undefined => {
  const { name = '', rest = '' } = OF_TODAY.exec(token)?.groups ?? {}
  if (rest === '') return undefined
  const bare = name.replace(/=+$/u, '')
  const bytes = Buffer.from(bare, 'base64')
  const text = bytes.toString()
  const isText = Buffer.from(text).equals(bytes) && bytes.toString('base64').replace(/=+$/u, '') === bare
  return isText ? { name: text, padding: name.length - bare.length, rest } : undefined
}

const isMacaroon = (token: string): boolean =>
  MACAROON.test(token) &&
  token.length % 4 !== 1 &&
  Buffer.from(token, 'base64url')
    .subarray(4, 4 + LOCATION.length)
    .toString('latin1') === LOCATION

/** Only what it begins with is a macaroon's; what follows named the server and its owner. */
const otherMacaroon = (token: string, each: Draws): string => {
  const bytes = Buffer.from(token, 'base64url')
  for (let index = 0; index < bytes.length; index++) {
    if (index < 4) bytes[index] = '0123456789abcdef'.charCodeAt(each.next(16))
    else if (index >= 4 + LOCATION.length) bytes[index] = each.next(256)
  }
  return bytes.toString('base64url')
}
