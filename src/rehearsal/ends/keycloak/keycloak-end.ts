import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { loadMapping, starterMapping } from '../../../mapping/load-mapping.ts'
import type { Mapping } from '../../../mapping/mapping.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { type AdminAnswer, openAdminApi } from '../../../targets/keycloak/api/admin-api.ts'
import type { KeycloakConfig } from '../../../targets/keycloak/config/keycloak-config.ts'
import { loadKeycloakConfig } from '../../../targets/keycloak/config/load-keycloak-config.ts'
import { openKeycloak } from '../../../targets/keycloak/keycloak-target.ts'
import type { Belonging } from '../../leases/lease.ts'
import { askAsAdministrator } from '../../services/keycloak/administrator.ts'
import { keepRealm } from '../../services/keycloak/keep-realm.ts'
import type { KeycloakService } from '../../services/keycloak/keycloak-service.ts'
import { realmNameOf } from '../../services/keycloak/rehearsal-realm.ts'
import { removeRealm } from '../../services/keycloak/remove-realm.ts'
import type { StartContext } from '../../services/way.ts'
import { wordsOf } from '../../words-of.ts'
import type { ThrowAwayTarget, Unproved } from '../throw-away-target.ts'
import { writeKeycloakYaml } from './config-file.ts'
import { identityProviders } from './identity-providers.ts'
import { prepareRealm } from './prepare-realm.ts'
import { CLIENT, realmRepresentation } from './realm.ts'
import { enableRequiredActions } from './required-actions.ts'
import { unprovedAt } from './unproved.ts'
import { derivedWish, type KeycloakWish, readWish } from './wish.ts'

export interface KeycloakEnd {
  readonly service: KeycloakService
  readonly homeserver: HomeserverConfig
  /** The administrator's own keycloak.yaml: what it says of people counts; absent: made from homeserver.yaml. */
  readonly targetConfig?: readonly string[]
  /** A rules file; absent: the one that comes with syn2op. */
  readonly mapping?: string
  readonly context: StartContext
}

/**
 * A realm of its own at a Keycloak that runs, prepared for the people of a homeserver, and deleted afterwards; with it ends the
 * Keycloak, unless it was given.
 * @throws Syn2opError config.*, mapping.invalid; target.not-allowed where the administrator may make no realm; server.unreachable.
 * Then nothing of it is left.
 */
export const keycloakEnd = async (request: KeycloakEnd): Promise<ThrowAwayTarget> => {
  const { service, context } = request
  const { lease } = context
  const name = realmNameOf(lease.id)
  const belonging: Belonging = { kind: 'realm', url: service.url, name }
  let mayBeOurs = service.backend === 'given'
  const stop = async (): Promise<void> => {
    // Any other server ends with all that is in it.
    if (mayBeOurs) {
      await removeRealm(service, belonging)
      await lease.gone(belonging)
    }
    await service.stop()
  }
  try {
    const mapping = await loadMapping(request.mapping ?? starterMapping('keycloak'))
    const wish = await wishOf(request, mapping)
    if (service.backend === 'given') await lease.holds(belonging)
    const secret = randomBytes(24).toString('base64url')
    const answer = await postRealm(request, { mapping, wish, secret })
    if (answer.status === CONFLICT && mayBeOurs) {
      // Another has that name, or none was made: a realm of that name is not ours to delete.
      mayBeOurs = false
      await lease.gone(belonging)
    }
    if (answer.status !== CREATED) throw notMade(service, name, answer)
    const { config, unproved } = await fillRealm(request, { mapping, wish, secret })
    const { serverName, pepper } = request.homeserver
    const { conflicts, attributes = {} } = mapping
    return {
      name: 'keycloak',
      services: [service.what],
      configFile: config.files[0] ?? '',
      mapping,
      unproved,
      open: (signal) =>
        openKeycloak({ config, serverName, conflicts, pepper, attributes: Object.keys(attributes), signal }),
      async keep() {
        if (mayBeOurs) await keepRealm(service, name, context.signal)
        await service.keep()
      },
      stop,
    }
  } catch (error) {
    await stop().catch((left: unknown) => context.note(wordsOf(left)))
    throw error
  }
}

const wishOf = async ({ targetConfig, homeserver, context }: KeycloakEnd, mapping: Mapping): Promise<KeycloakWish> =>
  targetConfig === undefined ? derivedWish(homeserver.providers, mapping) : readWish(targetConfig, context.lease.folder)

const CREATED = 201
const CONFLICT = 409

interface RealmWish {
  readonly mapping: Mapping
  readonly wish: KeycloakWish
  /** Of the client that syn2op signs in with. */
  readonly secret: string
}

const postRealm = (
  { service, homeserver, context }: KeycloakEnd,
  { mapping, wish, secret }: RealmWish,
): Promise<AdminAnswer> =>
  askAsAdministrator(service, {
    method: 'POST',
    path: 'realms',
    body: realmRepresentation({
      lease: context.lease,
      secret,
      wish,
      identityProviders: identityProviders(wish.providers, homeserver.providers, mapping),
    }),
    signal: context.signal,
  })

interface MadeRealm {
  readonly config: KeycloakConfig
  readonly unproved: readonly Unproved[]
}

const fillRealm = async (
  { service, homeserver, context }: KeycloakEnd,
  { mapping, wish, secret }: RealmWish,
): Promise<MadeRealm> => {
  const { lease, signal } = context
  const realm = realmNameOf(lease.id)
  const file = await writeKeycloakYaml(lease.folder, {
    ...wish,
    url: service.url,
    realm,
    client: { id: CLIENT, secret, realm },
    ...(service.ownDatabase === undefined ? {} : { database: service.ownDatabase }),
  })
  const config = await loadKeycloakConfig([file])
  await prepareRealm(config, mapping, context)
  const api = openAdminApi(config)
  try {
    await enableRequiredActions(api, config.requiredActions, signal)
    const { pepper, providers } = homeserver
    return { config, unproved: await unprovedAt({ what: service.what, api, pepper, providers, signal }) }
  } finally {
    await api.close()
  }
}

const REFUSED = z.object({ errorMessage: z.string() })

const notMade = ({ adminUser, url }: KeycloakService, realm: string, { status, body }: AdminAnswer): Syn2opError => {
  if (status === 403) {
    return new Syn2opError('target.not-allowed', `The administrator ${adminUser} may make no realm at ${url}`, {
      next: ['Name one of the realm master with the role admin or create-realm.'],
    })
  }
  const { errorMessage: said = 'no reason' } = REFUSED.safeParse(body).data ?? {}
  return new Syn2opError('run.not-possible', `Keycloak does not make the realm ${realm} (${status}): ${said}`, {
    next: ["See Keycloak's own log of this moment."],
  })
}
