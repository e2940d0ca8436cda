import type { NameField } from '../api/user.ts'

/*
 * What the user profile's page, the schema of imports and the specification of the Management API say of root fields. Where they
 * differ, the narrower one counts.
 */

const LONGEST_LOCAL_PART = 64
const LONGEST_EMAIL = 254
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u
/** With a top-level domain of letters; each label at most 63 characters and without a dash at its ends. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/u

/** Whether Auth0's field takes an address; the metadata takes any. */
export const isEmailFit = (folded: string): boolean => {
  const at = folded.lastIndexOf('@')
  if (at < 0 || folded.length > LONGEST_EMAIL) return false
  const [local, domain] = [folded.slice(0, at), folded.slice(at + 1)]
  return local.length <= LONGEST_LOCAL_PART && LOCAL_PART.test(local) && DOMAIN.test(domain)
}

/** E.164: the country comes first, and no country's number begins with 0. */
export const isPhoneFit = (phone: string): boolean => /^\+[1-9]\d{1,14}$/u.test(phone)

const LONGEST_NAMES: Readonly<Record<NameField, number>> = {
  name: 150,
  given_name: 150,
  family_name: 150,
  nickname: 300,
  picture: 2048,
}

export const isNameFit = (field: NameField, text: string): boolean =>
  text.length <= LONGEST_NAMES[field] && (field !== 'picture' || isWebAddress(text))

const isWebAddress = (text: string): boolean =>
  /^https?:\/\/[\u0021-\u007e]+$/u.test(text) && URL.canParse(text) && new URL(text).hostname.includes('.')

/** Fields that Auth0 fills by itself where nobody does: what is there need not have been written by anybody. */
export const SELF_FILLED: ReadonlySet<string> = new Set<NameField>(['name', 'nickname', 'picture'])

const HASH = /^\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}$/u

/** Whether Auth0 takes a password's hash; `$2x$` and whatever is no bcrypt it does not. */
export const isHashFit = (hash: string): boolean => HASH.test(hash)
