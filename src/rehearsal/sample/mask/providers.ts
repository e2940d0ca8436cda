import type { DrawsOf } from './draws.ts'

/** Names that Synapse gives by itself, whatever their capitals. */
const OWN: readonly string[] = ['oidc', 'saml', 'cas', 'oauth-delegated']

const PREFIX = /^\s*oidc-/iu

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

/** Names as `user_external_ids.auth_provider` has them. What is in neither list is masked too. */
export interface ProviderNames {
  readonly kept: readonly string[]
  readonly masked: readonly string[]
}

export interface Providers {
  /** As `user_external_ids.auth_provider` has it: what Synapse itself writes before a name stays. */
  of(authProvider: string): string
  /** `idp_id`, as homeserver.yaml has it. */
  idpId(idpId: string): string
}

/** What names that are nearly another's have in common with it: they differ in capitals, blanks around them, or the prefix. */
export const providerKey = (authProvider: string): string => authProvider.trim().toLowerCase().replace(PREFIX, '')

/** A key by which no masked name becomes one that is kept is found at once, but for names of a letter or two. */
const MOST_KEYS = 50

/**
 * Names for SSO providers. Where one is not kept each letter becomes another, always the same one of a key: names that are
 * nearly another's are so still.
 */
export const maskedProviders = (draws: DrawsOf, { kept, masked }: ProviderNames): Providers => {
  const keptNames = new Set(kept)
  const keptKeys = new Set(kept.map(providerKey))
  const withKey = (turn: number): ((text: string) => string) => {
    const more = turn === 0 ? '' : ` ${turn}`
    return replacing(shuffled(LETTERS, draws, `letters${more}`), shuffled(DIGITS, draws, `digits${more}`))
  }
  const isApart = (replaced: (text: string) => string): boolean =>
    masked.every((name) => !keptKeys.has(replaced(providerKey(name))))
  let replaced = withKey(0)
  for (let turn = 1; turn < MOST_KEYS && !isApart(replaced); turn++) replaced = withKey(turn)
  const of = (authProvider: string): string => {
    if (keptNames.has(authProvider) || isOwn(authProvider)) return authProvider
    const [prefix = ''] = PREFIX.exec(authProvider) ?? []
    return prefix + replaced(authProvider.slice(prefix.length))
  }
  return {
    of,
    idpId: (id) => (keptNames.has(`oidc-${id}`) || isOwn(id) ? id : replaced(id)),
  }
}

const isOwn = (name: string): boolean => OWN.includes(name.trim().toLowerCase())

const replacing =
  (letters: string, digits: string) =>
  (text: string): string =>
    text
      .replace(/[a-z]/gu, (letter) => letters[LETTERS.indexOf(letter)] ?? letter)
      .replace(/[A-Z]/gu, (letter) => (letters[LETTERS.indexOf(letter.toLowerCase())] ?? letter).toUpperCase())
      .replace(/[0-9]/gu, (digit) => digits[Number(digit)] ?? digit)
      .replace(/[^\p{ASCII}]/gu, (letter) => (Buffer.byteLength(letter) === 2 ? 'ø' : '界'))
