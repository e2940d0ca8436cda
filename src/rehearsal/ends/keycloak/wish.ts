import { rm } from 'node:fs/promises'
import type { Mapping } from '../../../mapping/mapping.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { KeycloakConfig } from '../../../targets/keycloak/config/keycloak-config.ts'
import { loadKeycloakConfig } from '../../../targets/keycloak/config/load-keycloak-config.ts'
import { writeSecret } from '../../write-secret.ts'

/** What a keycloak.yaml says of people, wherever their Keycloak is. */
export type KeycloakWish = Pick<
  KeycloakConfig,
  'providers' | 'roles' | 'groups' | 'admins' | 'requiredActions' | 'attributes'
>

/** Stands over the administrator's files, so that neither their Keycloak nor a secret of theirs is looked at. */
const NOWHERE = `url: http://127.0.0.1
public_url: null
realm: nowhere
client: { id: nobody, secret: none, secret_file: null, realm: null }
database: null
`

/**
 * Reads the administrator's own configuration but for where their Keycloak is and how it is entered.
 * @param folder where a file may be put for that time
 * @throws Syn2opError config.unreadable, config.invalid
 */
export const readWish = async (files: readonly string[], folder: string): Promise<KeycloakWish> => {
  const over = await writeSecret(folder, 'keycloak-nowhere.yaml', NOWHERE)
  try {
    return await loadKeycloakConfig([...files, over])
  } finally {
    await rm(over, { force: true })
  }
}

/** What `keycloak.yaml` would be made of homeserver.yaml and the rules alone: every provider under its own name. */
export const derivedWish = (
  synapse: readonly SynapseProvider[],
  { providers: renamed }: Pick<Mapping, 'providers'>,
): KeycloakWish => {
  const names = synapse.map(({ authProvider }) =>
    Object.hasOwn(renamed, authProvider) ? (renamed[authProvider] ?? authProvider) : authProvider,
  )
  const kept = [...new Set([...names, ...Object.values(renamed)])].filter((name) => name !== 'leave')
  return {
    providers: kept.map((authProvider) => ({ authProvider, id: aliasOf(authProvider, kept) })),
    roles: [],
    groups: [],
    admins: { roles: [], groups: [] },
    requiredActions: [],
    attributes: { emails: 'emails', phones: 'phones' },
  }
}

/** `google` for `oidc-google`, unless that is another provider's name; in what Keycloak takes for an alias. */
const aliasOf = (authProvider: string, all: readonly string[]): string => {
  const short = authProvider.replace(/^oidc-/u, '')
  const name = all.some((other) => other !== authProvider && other === short) ? authProvider : short
  return name.replaceAll(/[^\w.-]/gu, '-')
}
