import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import { isObject } from './json.ts'

/** What an access token says. Times in seconds since 1970, as in every JWT. */
export interface AccessTokenClaims {
  readonly sub: string
  readonly aud: string
  /** The client. */
  readonly azp: string
  readonly iat: number
  readonly exp: number
  /** Separated by spaces. */
  readonly scope: string
  readonly gty: string
}

// A tenant signs with RS256. Nobody outside of the stand-in reads its tokens, so that a key of this process does.
const KEY = randomBytes(32)

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const signatureOf = (content: string): Buffer => createHmac('sha256', KEY).update(content).digest()

/** A signed token, shaped as a JWT. */
export function signedToken(claims: AccessTokenClaims): string {
  const content = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...claims, jti: randomBytes(8).toString('hex') })}`
  return `${content}.${signatureOf(content).toString('base64url')}`
}

/** What a token says, whether it has expired or not; undefined where this process has not signed it. */
export function readToken(token: string): AccessTokenClaims | undefined {
  const [header, payload, signature, ...more] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined
  const given = Buffer.from(signature, 'base64url')
  const own = signatureOf(`${header}.${payload}`)
  if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return isClaims(claims) ? claims : undefined
}

const isClaims = (value: unknown): value is AccessTokenClaims =>
  isObject(value) &&
  ['sub', 'aud', 'azp', 'scope', 'gty'].every((key) => typeof value[key] === 'string') &&
  ['iat', 'exp'].every((key) => typeof value[key] === 'number')
