import { domainToASCII } from 'node:url'

/*
 * What Keycloak's validators say, seen in its sources and tried on 26.7.3. An import is not validated: what they refuse is stored
 * by it, and stops its owner at the next login with "Account is not fully set up", and every PUT with 400.
 */

const LOCAL_ATOM = String.raw`[a-z0-9!#$%&'*+/=?^_\u0060{|}~\u0080-\uFFFF\-]`
const QUOTED_ATOM = String.raw`(?:[a-z0-9!#$%&'*.(),<>\[\]:; @+/=?^_\u0060{|}~\u0080-\uFFFF\-]|\\\\|\\")`
const LOCAL_WORD = `(?:${LOCAL_ATOM}+|"${QUOTED_ATOM}+")`
const LOCAL_PART = new RegExp(`^${LOCAL_WORD}(?:\\.${LOCAL_WORD})*$`, 'iu')
/** A label ends in no dash. */
const LABEL = String.raw`[a-z0-9!#$%&'*+/=?^\u0060{|}~\u0080-\uFFFF](?:[a-z0-9!#$%&'*+/=?^\u0060{|}~\u0080-\uFFFF\-]*[a-z0-9!#$%&'*+/=?^\u0060{|}~\u0080-\uFFFF])?`
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu')
const IPV4_LITERAL = /^\[\d{1,3}(?:\.\d{1,3}){3}\]$/u

const LONGEST_LOCAL_PART = 64
const LONGEST_DOMAIN = 255
const LONGEST_LABEL = 63

/** The longest text that a column for one value holds, in code points: more is answered with 500. */
export const LONGEST_FIELD = 255

/** In UTF-16 units, as Java counts. */
export const LONGEST_ATTRIBUTE = 2048

/** Whether an address is one that Keycloak's e-mail field cannot have; an attribute can have any. */
export const isEmailRefused = (address: string): boolean => {
  const at = address.lastIndexOf('@')
  if (at < 0 || address !== address.trim() || codePoints(address) > LONGEST_FIELD) return true
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  return local.length > LONGEST_LOCAL_PART || !LOCAL_PART.test(local) || !isDomain(domain)
}

const isDomain = (domain: string): boolean => {
  if (IPV4_LITERAL.test(domain)) return true
  if (!DOMAIN.test(domain)) return false
  const ascii = isAscii(domain) ? domain : domainToASCII(domain)
  return (
    ascii !== '' &&
    ascii.length <= LONGEST_DOMAIN &&
    ascii.split('.').every(({ length }) => length > 0 && length <= LONGEST_LABEL)
  )
}

/** As Keycloak's validators username-prohibited-characters and up-username-not-idn-homograph have it. */
const PROHIBITED_IN_USERNAMES = /[<>&"'\s$%!#?§,;:*~/\\|^=[\]{}()`\p{Cc}]/u
const LATIN = /^[\p{Script=Latin}\p{Script=Common}]+$/u
const SHORTEST_USERNAME = 3

export const hasProhibitedSign = (username: string): boolean => PROHIBITED_IN_USERNAMES.test(username)

/** Whether there are letters of another script than the Latin one. */
export const isBeyondLatin = (username: string): boolean => !LATIN.test(username)

/**
 * Whether the default profile refuses a username where people may edit theirs (`editUsernameAllowed`): then its owner cannot log
 * in. Where they may not, Keycloak takes no notice.
 */
export const isUsernameRefusedWhenEditable = (username: string): boolean =>
  username.length < SHORTEST_USERNAME ||
  username.length > LONGEST_FIELD ||
  hasProhibitedSign(username) ||
  isBeyondLatin(username)

const PERSON_NAME = /^[^<>&"\v$%!#?§;*~/\\|^=[\]{}()\p{Cc}]{1,255}$/u

/** Whether Keycloak's first and last name cannot be this text. */
export const isPersonNameRefused = (name: string): boolean =>
  name.length > LONGEST_FIELD || name.trim() === '' || !PERSON_NAME.test(name)

/** How PostgreSQL counts the characters of a column. */
export const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

const isAscii = (text: string): boolean => !/[\u0080-\u{10FFFF}]/u.test(text)
