import type { ConnectionRules, UserRules } from './user-rules.ts'

/** What Auth0 takes in a username, once it has made it lower-case. */
const FIT = /^[a-z0-9@^$.!`\-#+'~_]*$/u
const FIT_BYTE = /^[a-z0-9@^$.!`\-#+'_]$/u

const EMAIL_LIKE = /@.*\./u
const PHONE_LIKE = /^(?:\+\d+|\d{6,})$/u

/** How an escape begins; where the name itself has it, it is escaped too, so that no two names become one. */
const ESCAPE = '~'

/** A username, that there is to be none, or why there can be none, in words. */
export type UsernameFound =
  | { readonly kind: 'none' }
  | { readonly kind: 'fit'; readonly username: string }
  | { readonly kind: 'refused'; readonly words: string }

/** What becomes of a name at a connection. */
export const usernameFor = (
  name: string,
  { takes, usernames }: Pick<UserRules, 'takes' | 'usernames'>,
): UsernameFound => {
  if (!takes.takesUsernames) return { kind: 'none' }
  const folded = name.toLowerCase()
  const username = usernames.unfit === 'escape' ? escapedUsername(folded, takes) : folded
  const words = refusalOf(username, takes)
  if (words === undefined) return { kind: 'fit', username }
  if (usernames.unfit === 'leave' && !takes.requiresUsername) return { kind: 'none' }
  return { kind: 'refused', words }
}

/** Whether a name that the mapping makes can become a user, under it or, where the rules say so, without a username. */
export const takesUsername = (name: string, rules: Pick<UserRules, 'takes' | 'usernames'>): boolean =>
  usernameFor(name, rules).kind !== 'refused'

type LooksTaken = Pick<ConnectionRules, 'takesUsernamesLike'>

const refusalOf = (username: string, takes: ConnectionRules): string | undefined => {
  const { min, max } = takes.usernameLength
  if (!FIT.test(username)) return 'its username has characters that Auth0 does not take'
  if (isLikeUnfitEmail(username, takes)) {
    return 'its username looks like an e-mail address, and the connection takes no such usernames'
  }
  if (isLikeUnfitPhone(username, takes)) {
    return 'its username looks like a phone number, and the connection takes no such usernames'
  }
  if (username.length < min) {
    return `its username has ${username.length} characters at Auth0, and the connection takes ${min} at least`
  }
  if (username.length <= max) return undefined
  return `its username has ${username.length} characters at Auth0, and the connection takes ${max} at most`
}

const isLikeUnfitEmail = (username: string, { takesUsernamesLike }: LooksTaken): boolean =>
  !takesUsernamesLike.emails && EMAIL_LIKE.test(username)

const isLikeUnfitPhone = (username: string, { takesUsernamesLike }: LooksTaken): boolean =>
  !takesUsernamesLike.phones && PHONE_LIKE.test(username)

/**
 * Each byte (UTF-8) that Auth0 does not take as `~` and two hexadecimal digits; of what looks like an address its `@`, of what looks
 * like a phone number its first sign. No two names become one.
 * @param folded in small letters
 */
const escapedUsername = (folded: string, takes: LooksTaken): string => {
  const escaped = Array.from(Buffer.from(folded), (byte) => {
    const sign = String.fromCodePoint(byte)
    return FIT_BYTE.test(sign) ? sign : escapeOf(byte)
  }).join('')
  if (isLikeUnfitEmail(escaped, takes)) return escaped.replaceAll('@', escapeOf(AT))
  if (isLikeUnfitPhone(escaped, takes)) return `${escapeOf(escaped.codePointAt(0) ?? 0)}${escaped.slice(1)}`
  return escaped
}

const AT = 0x40

const escapeOf = (byte: number): string => `${ESCAPE}${byte.toString(16).padStart(2, '0')}`
