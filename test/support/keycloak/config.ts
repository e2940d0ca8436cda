import type { KeycloakConfig } from '../../../src/targets/keycloak/config/keycloak-config.ts'
import type { TestRealm } from './realm.ts'

/** Of people a keycloak.yaml says nothing but how their addresses are called. */
export const NOTHING_WISHED = {
  providers: [],
  roles: [],
  groups: [],
  admins: { roles: [], groups: [] },
  requiredActions: [],
  attributes: { emails: 'emails', phones: 'phones' },
} satisfies Partial<KeycloakConfig>

/** What keycloak.yaml would say of a realm of the tests. */
export const configOf = (
  realm: Pick<TestRealm, 'url' | 'name' | 'client'>,
  changes: Partial<KeycloakConfig> = {},
): KeycloakConfig => ({
  files: [],
  url: realm.url,
  realm: realm.name,
  client: { ...realm.client, realm: realm.name },
  ...NOTHING_WISHED,
  ...changes,
})
