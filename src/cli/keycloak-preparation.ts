import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { AdminApi } from '../targets/keycloak/api/admin-api.ts'
import type { KeycloakConfig } from '../targets/keycloak/config/keycloak-config.ts'
import type { PrepareRequest, PrepareWish } from '../targets/keycloak/prepare/prepare.ts'
import { homeserverOf, mappingOf, overridden } from './migration-request.ts'

/** What the flags of `keycloak prepare` ask for. */
export interface PreparationWishes extends Pick<PrepareWish, 'realmMissing' | 'events'> {
  readonly usernames: PrepareWish['profile']['usernames']
  /** Which applications sign people in by Keycloak. */
  readonly applications: readonly ('synapse' | 'mas')[]
  readonly masUrl?: string
}

/** Keycloak as its configuration names it. @throws Syn2opError usage, config.invalid, config.unreadable */
export const openingOf = async (
  settings: Settings,
): Promise<{ readonly config: KeycloakConfig; readonly openApi: () => AdminApi }> => {
  const files = settings['target.config']?.value
  if (files === undefined) {
    throw new Syn2opError('usage', 'Nobody says where the keycloak.yaml of your Keycloak is', {
      next: ['Give it with `--target-config FILE`, or in syn2op.yaml.'],
    })
  }
  const { loadKeycloakConfig } = await import('../targets/keycloak/config/load-keycloak-config.ts')
  const { openAdminApi } = await import('../targets/keycloak/api/admin-api.ts')
  const config = await loadKeycloakConfig(files, await overridden(settings['target.database']))
  return { config, openApi: () => openAdminApi(config) }
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
  const mapping = await mappingOf({ ...settings, 'target.name': { value: 'keycloak', origin: 'keycloak prepare' } })
  const { attributesAskedFor } = await import('../targets/keycloak/prepare/profile-attributes.ts')
  const { wirings } = await import('../targets/keycloak/prepare/applications.ts')
  const { issuerOf } = await import('../targets/keycloak/prepare/plan-prepare.ts')
  const source = await sourceOf(settings)
  const { url, realm } = config
  return {
    config,
    openApi,
    signal,
    wish: {
      url,
      realm,
      realmMissing: wishes.realmMissing,
      events: wishes.events,
      profile: {
        attributes: attributesAskedFor({ mapping: Object.keys(mapping.attributes ?? {}), ...config.attributes }),
        usernames: wishes.usernames,
        ...(source === undefined ? {} : { serverName: source.serverName }),
      },
      providers: { url, realm, providers: config.providers, ...(source === undefined ? {} : { synapse: source }) },
      wirings: wirings({
        issuer: issuerOf(config),
        mapping,
        ...(wishes.applications.includes('synapse') ? { synapse: synapseUrl(source) } : {}),
        ...(wishes.applications.includes('mas') ? { mas: masUrl(wishes) } : {}),
      }),
    },
  }
}

/** Which homeserver's accounts there may be, where homeserver.yaml is named. */
export const serverNameOf = async (settings: Settings): Promise<{ readonly serverName?: string }> =>
  settings['synapse.config'] === undefined ? {} : { serverName: (await homeserverOf(settings)).serverName }

const sourceOf = async (settings: Settings) => {
  const files = settings['synapse.config']?.value
  if (files === undefined) return undefined
  const { loadOidcClients } = await import('../synapse/oidc-clients.ts')
  const { serverName, providers } = await homeserverOf(settings)
  const { publicBaseUrl, clients } = await loadOidcClients(files)
  return { serverName, providers, publicBaseUrl, clients }
}

const synapseUrl = (source: { readonly publicBaseUrl: string } | undefined): string => {
  if (source !== undefined) return source.publicBaseUrl
  throw new Syn2opError('usage', '--for synapse: nobody says where people reach Synapse', {
    next: ['Name homeserver.yaml, whose public_baseurl says it: --synapse-config FILE'],
  })
}

const masUrl = ({ masUrl: url }: PreparationWishes): string => {
  if (url !== undefined) return `${url.replace(/\/+$/, '')}/`
  throw new Syn2opError('usage', '--for mas: nobody says where people reach MAS', {
    next: ['Say it: --mas-url https://auth.example.org'],
  })
}
