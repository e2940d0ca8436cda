import { stringify } from 'yaml'
import { postgresUrl } from '../../../postgres/url-of.ts'
import type { KeycloakConfig } from '../../../targets/keycloak/config/keycloak-config.ts'
import { writeSecret } from '../../write-secret.ts'

/**
 * Writes keycloak.yaml as only its owner may read it.
 * @returns its path
 */
export const writeKeycloakYaml = (folder: string, config: Omit<KeycloakConfig, 'files'>): Promise<string> => {
  const { url, realm, client, providers, roles, groups, admins, requiredActions, attributes, database } = config
  const content = {
    url,
    realm,
    client: { id: client.id, secret: client.secret },
    identity_providers: Object.fromEntries(providers.map(({ authProvider, id }) => [authProvider, id])),
    roles,
    groups,
    admins,
    required_actions: requiredActions,
    attributes,
    ...(database === undefined ? {} : { database: { uri: postgresUrl(database) } }),
  }
  return writeSecret(folder, 'keycloak.yaml', stringify(content))
}
