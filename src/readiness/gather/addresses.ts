import { type JsonObject, memberOf } from '../metadata/reading.ts'
import { hostKind } from '../this-machine.ts'

/** An address to ask at, or why there is none, one sentence without a full stop. */
export type Address = { readonly url: string } | { readonly why: string }

/** The address in a member of a metadata document. */
export const addressAt = (document: JsonObject | undefined, member: string): Address => {
  if (document === undefined) return { why: 'no metadata of an OP was found that could say where to ask' }
  const text = memberOf(document, member)
  if (text === undefined) return { why: `the metadata has no ${member}` }
  if (typeof text !== 'string') return { why: `the metadata's ${member} is no text` }
  return isWebAddress(text) ? { url: text } : { why: `the metadata's ${member} is no address of the web` }
}

export const isWebAddress = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.host !== ''
}

/** Without slashes at the end, so that a path can follow. */
export const withoutSlash = (url: string): string => url.replace(/\/+$/u, '')

/** Parameters behind those that an address has already. */
export const withParameters = (url: string, parameters: Readonly<Record<string, string>>): string => {
  const whole = new URL(url)
  for (const [name, value] of Object.entries(parameters)) whole.searchParams.set(name, value)
  return whole.href
}

/**
 * Whether a secret may go there: nobody between can read it, or somebody gave us this very address.
 */
export const isPrivate = (url: string, given?: string): boolean => {
  const address = new URL(url)
  if (address.protocol === 'https:' || hostKind(address) === 'loopback') return true
  return given !== undefined && URL.parse(given)?.origin === address.origin
}

/** Where an issuer's OpenID Connect discovery document lies. */
export const openidConfigurationOf = (issuer: string): string =>
  `${withoutSlash(issuer)}/.well-known/openid-configuration`

/** Where RFC 8414 has an issuer's metadata: before its path, not behind. */
export const oauthMetadataOf = (issuer: string): string => {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/oauth-authorization-server${withoutSlash(pathname)}`
}
