import { aliases } from './aliases.ts'
import { withCapitalsOf } from './capitals.ts'
import type { DrawsOf } from './draws.ts'
import type { TextsSeen } from './texts-seen.ts'

/** Names that Synapse gives by itself, whatever their capitals. */
const OWN: readonly string[] = ['oidc', 'saml', 'cas', 'oauth-delegated']

/** The `idp_id` that Synapse puts no prefix before. */
const WITHOUT_PREFIX = 'oidc'

const PREFIX = /^\s*oidc-/iu

/** What stands around the text that `providerKey` takes of a name. */
const AROUND = /^(?<before>\s*(?:oidc-)?)(?<core>.*?)(?<after>\s*)$/isu

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

export interface ProviderOptions extends ProviderNames {
  readonly draws: DrawsOf
  readonly seen: TextsSeen
}

/** What names that are nearly another's have in common with it: they differ in capitals, blanks around them, or the prefix. */
export const providerKey = (authProvider: string): string => authProvider.trim().toLowerCase().replace(PREFIX, '')

/**
 * Names for SSO providers. Where one is not kept it is drawn anew, each for itself, so that a name whose original is easily
 * guessed tells nothing of another. Names that are nearly another's are so still.
 */
export const maskedProviders = ({ draws, seen, kept, masked }: ProviderOptions): Providers => {
  const keptNames = new Set(kept)
  const taken = new Set([...OWN, ...kept, ...masked].map(providerKey))
  const drawn = aliases({
    purpose: 'provider',
    draws,
    seen: {
      add: seen.add,
      isIn: (text) => taken.has(text) || seen.isIn(text) || seen.isIn(`oidc-${text}`),
    },
    remembers: 'all',
  })
  // In one order: where two would become one, the same of them gives way each time.
  for (const key of new Set(masked.map(providerKey).toSorted())) drawn.learn(key)
  const of = (authProvider: string): string => {
    if (keptNames.has(authProvider) || isOwn(authProvider)) return authProvider
    const { before = '', core = '', after = '' } = AROUND.exec(authProvider)?.groups ?? {}
    return `${before}${withCapitalsOf(core, drawn.of(providerKey(authProvider)))}${after}`
  }
  return {
    of,
    idpId: (id) => (id === WITHOUT_PREFIX ? id : of(`oidc-${id}`).slice('oidc-'.length)),
  }
}

const isOwn = (name: string): boolean => OWN.includes(name.trim().toLowerCase())
