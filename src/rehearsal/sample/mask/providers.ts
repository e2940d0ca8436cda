import type { DrawsOf } from './draws.ts'

/** Names that Synapse gives by itself, whatever their capitals. */
const OWN: readonly string[] = ['oidc', 'saml', 'cas', 'oauth-delegated']

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'

/** None stays where it is. */
const shuffled = (letters: string, draws: DrawsOf, purpose: string): string => {
  for (let attempt = 0; ; attempt++) {
    const each = draws('provider', purpose, attempt)
    const drawn = [...letters]
    for (let last = drawn.length - 1; last > 0; last--) {
      const other = each.next(last + 1)
      const swapped = drawn[last] ?? ''
      drawn[last] = drawn[other] ?? ''
      drawn[other] = swapped
    }
    if (drawn.every((letter, index) => letter !== letters[index])) return drawn.join('')
  }
}

export interface Providers {
  /** As `user_external_ids.auth_provider` has it: what Synapse itself writes before a name stays. */
  of(authProvider: string): string
  /** `idp_id`, as homeserver.yaml has it. */
  idpId(idpId: string): string
}

/**
 * Other names for SSO providers. Each letter becomes another, always the same one of a key: names that are nearly another's
 * are so still. A provider's name is no secret of anybody's.
 */
export const maskedProviders = (draws: DrawsOf): Providers => {
  const letters = shuffled(LETTERS, draws, 'letters')
  const digits = shuffled(DIGITS, draws, 'digits')
  const replaced = (text: string): string =>
    text
      .replace(/[a-z]/gu, (letter) => letters[LETTERS.indexOf(letter)] ?? letter)
      .replace(/[A-Z]/gu, (letter) => (letters[LETTERS.indexOf(letter.toLowerCase())] ?? letter).toUpperCase())
      .replace(/[0-9]/gu, (digit) => digits[Number(digit)] ?? digit)
      .replace(/[^\p{ASCII}]/gu, (letter) => (Buffer.byteLength(letter) === 2 ? 'ø' : '界'))
  const idpId = (id: string): string => (OWN.includes(id.trim().toLowerCase()) ? id : replaced(id))
  return {
    idpId,
    of: (authProvider) => {
      if (OWN.includes(authProvider.trim().toLowerCase())) return authProvider
      const [prefix = ''] = /^\s*oidc-/iu.exec(authProvider) ?? []
      return prefix + replaced(authProvider.slice(prefix.length))
    },
  }
}
