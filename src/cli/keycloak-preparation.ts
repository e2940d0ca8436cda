import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { AdminApi } from '../targets/keycloak/api/admin-api.ts'
import type { KeycloakConfig } from '../targets/keycloak/config/keycloak-config.ts'
import type { PrepareRequest, PrepareWish } from '../targets/keycloak/prepare/prepare.ts'
import { homeserverOf, mappingOf, overridden } from './migration-request.ts'
import { targetNamed } from './targets.ts'
import { webAddress } from './web-address.ts'

/** What the flags of `keycloak prepare` ask for. */
export interface PreparationWishes extends Pick<PrepareWish, 'realmMissing' | 'events'> {
  readonly usernames: PrepareWish['profile']['usernames']
  /** Which applications sign people in by Keycloak. */
  readonly applications: readonly ('synapse' | 'mas')[]
  readonly masUrl?: string
}

/**
 * Keycloak as its configuration names it.
 * @throws Syn2opError usage, config.invalid, config.unreadable; check.warnings where secrets would go to it in clear text
 */
export const openingOf = async (
  settings: Settings,
): Promise<{ readonly config: KeycloakConfig; readonly openApi: () => AdminApi }> => {
  const files = targetNamed(settings, 'keycloak').config?.value
  if (files === undefined) {
    throw new Syn2opError('usage', 'Nobody says where the keycloak.yaml of your Keycloak is', {
      next: ['Give it with `--target-config FILE`, or in syn2op.yaml.'],
    })
  }
  const { loadKeycloakConfig } = await import('../targets/keycloak/config/load-keycloak-config.ts')
  const { openAdminApi } = await import('../targets/keycloak/api/admin-api.ts')
  const config = await loadKeycloakConfig(files, await overridden(settings['target.database']))
  await requireNobodyListens(config, settings)
  return { config, openApi: () => openAdminApi(config) }
}

/** The client's secret is sent, and those of identity providers: as in a migration only somebody's word lets them be read. */
const requireNobodyListens = async (config: KeycloakConfig, settings: Settings): Promise<void> => {
  const { checkAddress } = await import('../targets/keycloak/check/server.ts')
  const { acceptFindings } = await import('../findings/accept.ts')
  const { requireClear } = await import('../migration/gate.ts')
  const now = Date.now()
  const flags = settings.accept?.value ?? []
  requireClear({ findings: acceptFindings(checkAddress(config), { flags, asOf: now, now }) })
}

/**
 * Reads what `keycloak prepare` goes by: keycloak.yaml, the rules, and homeserver.yaml where it is named.
 * @throws Syn2opError usage, config.invalid, config.unreadable, mapping.invalid
 */
export const keycloakPreparation = async (
  settings: Settings,
  wishes: PreparationWishes,
  signal: AbortSignal,
): Promise<PrepareRequest> => {
  const { config, openApi } = await openingOf(settings)
  const mapping = await mappingOf(targetNamed(settings, 'keycloak'))
  const { attributesAskedFor } = await import('../targets/keycloak/prepare/profile-attributes.ts')
  const { wirings } = await import('../targets/keycloak/prepare/applications.ts')
  const { issuerOf } = await import('../targets/keycloak/issuer.ts')
  const source = await sourceOf(settings)
  const { realm } = config
  const issuer = await issuerOf(config, signal)
  return {
    config,
    openApi,
    signal,
    wish: {
      issuer,
      realm,
      realmMissing: wishes.realmMissing,
      events: wishes.events,
      profile: {
        attributes: attributesAskedFor({ mapping: Object.keys(mapping.attributes ?? {}), ...config.attributes }),
        usernames: wishes.usernames,
      },
      providers: { issuer, providers: config.providers, ...(source === undefined ? {} : { synapse: source }) },
      wirings: wirings({
        issuer,
        mapping,
        ...(source === undefined ? {} : { providers: source.providers }),
        ...(wishes.applications.includes('synapse') ? { synapse: synapseUrl(source) } : {}),
        ...(wishes.applications.includes('mas') ? { mas: masUrl(wishes) } : {}),
      }),
    },
  }
}

const sourceOf = async (settings: Settings) => {
  const files = settings['synapse.config']?.value
  if (files === undefined) return undefined
  const { loadOidcClients } = await import('../synapse/oidc-clients.ts')
  const { providers } = await homeserverOf(settings)
  const { publicBaseUrl, clients } = await loadOidcClients(files)
  return { providers, publicBaseUrl, clients }
}

const synapseUrl = (source: { readonly publicBaseUrl: string } | undefined): string => {
  if (source !== undefined) return source.publicBaseUrl
  throw new Syn2opError('usage', '--for synapse: nobody says where people reach Synapse', {
    next: ['Name homeserver.yaml, whose public_baseurl says it: --synapse-config FILE'],
  })
}

const masUrl = ({ masUrl: url }: PreparationWishes): string => {
  if (url !== undefined) return `${webAddress(url, '--mas-url').replace(/\/+$/, '')}/`
  throw new Syn2opError('usage', '--for mas: nobody says where people reach MAS', {
    next: ['Say it: --mas-url https://auth.example.org'],
  })
}
