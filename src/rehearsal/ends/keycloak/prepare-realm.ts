import type { Mapping } from '../../../mapping/mapping.ts'
import { openAdminApi } from '../../../targets/keycloak/api/admin-api.ts'
import type { KeycloakConfig } from '../../../targets/keycloak/config/keycloak-config.ts'
import { issuerOf } from '../../../targets/keycloak/issuer.ts'
import { applyPrepare, type PrepareRequest, showPrepare } from '../../../targets/keycloak/prepare/prepare.ts'
import { attributesAskedFor } from '../../../targets/keycloak/prepare/profile-attributes.ts'
import type { StartContext } from '../../services/way.ts'

/** Makes a realm ready for accounts of Synapse by the code of `syn2op keycloak prepare`. */
export const prepareRealm = async (
  config: KeycloakConfig,
  { attributes = {} }: Pick<Mapping, 'attributes'>,
  { lease, note, signal }: StartContext,
): Promise<void> => {
  const issuer = await issuerOf(config, signal)
  const request: PrepareRequest = {
    config,
    openApi: () => openAdminApi(config),
    signal,
    wish: {
      issuer,
      realm: config.realm,
      realmMissing: 'tell',
      events: 'keep',
      profile: {
        attributes: attributesAskedFor({ mapping: Object.keys(attributes), ...config.attributes }),
        usernames: 'keep',
      },
      providers: { issuer, providers: config.providers },
      wirings: [],
    },
  }
  const { error } = await applyPrepare(await showPrepare(request), { ...request, runs: lease.folder, note })
  if (error !== undefined) throw asError(error)
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))
