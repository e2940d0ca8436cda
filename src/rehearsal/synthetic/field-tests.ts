import { milliseconds } from './moment.ts'

/** Why a value cannot stand where it does; undefined: it can. */
export type Test = (value: unknown) => string | undefined
export type Fields = Readonly<Record<string, Test>>
export type Told = (path: string, message: string) => void

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

const unless =
  (fits: (value: unknown) => boolean, must: string): Test =>
  (value) =>
    fits(value) ? undefined : `must be ${must}`

export const matching = (pattern: RegExp, must: string): Test =>
  unless((value) => typeof value === 'string' && pattern.test(value), must)
export const oneOf = (...words: readonly string[]): Test =>
  unless((value) => typeof value === 'string' && words.includes(value), words.map((word) => `'${word}'`).join(' or '))
export const wholeFrom = (least: number, most: number): Test =>
  unless(
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `a whole number from ${least} to ${most}`,
  )

export const text = matching(/\S/u, 'a text that is not empty')
export const flag = unless((value) => typeof value === 'boolean', 'true or false')
export const moment = unless(
  (value) => (typeof value === 'string' || value instanceof Date) && Number.isFinite(milliseconds(value)),
  'a Date, or a text such as 2026-03-01 or 2026-03-01T09:00:00Z',
)
// PostgreSQL has no text with the character NUL.
export const localpart = matching(/^[^@:\s\0][^:\s\0]{0,239}$/u, 'what stands between @ and the colon of a Matrix id')
export const deviceId = matching(/^[^\0]{1,255}$/u, 'a text of 1 to 255 characters')
export const email = matching(/^[^\s@\0]+@[^\s@\0]+$/u, 'an e-mail address')
export const phone = matching(/^[1-9]\d{4,14}$/u, "digits with the country's code, and no plus")
export const serverName = matching(/^[a-zA-Z0-9.:[\]-]{1,200}$/u, 'a host name, with a port if need be')
/** Synapse's own rule for `idp_id`. */
export const providerName = matching(
  /^(?:oidc(?:-[a-zA-Z0-9._~-]{1,250})?|saml|cas)$/u,
  "'oidc-…', 'oidc', 'saml' or 'cas'",
)
export const anything: Test = () => undefined
