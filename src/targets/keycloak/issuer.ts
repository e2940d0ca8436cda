import { z } from 'zod'
import { adminPath } from './api/admin-path.ts'
import { openidDocument } from './api/openid-document.ts'
import type { KeycloakConfig } from './config/keycloak-config.ts'

const KNOWN = z.object({ issuer: z.url() })

type Named = Pick<KeycloakConfig, 'url' | 'publicUrl' | 'realm' | 'client'>

/**
 * By which a realm is known to applications and browsers: what keycloak.yaml says, else what Keycloak itself says, at the address by
 * which syn2op reaches it. A realm that does not exist yet will be known as that of the client is; where nothing is said, by that address.
 * @throws the signal's reason when it is aborted
 */
export const issuerOf = async ({ url, publicUrl, realm, client }: Named, signal: AbortSignal): Promise<string> => {
  const path = adminPath`realms/${realm}`
  if (publicUrl !== undefined) return `${publicUrl}/${path}`
  const own = await issuerSaid(`${url}/${path}`, signal)
  if (own !== undefined) return own
  const clientPath = adminPath`realms/${client.realm}`
  const other = client.realm === realm ? undefined : await issuerSaid(`${url}/${clientPath}`, signal)
  return other?.endsWith(clientPath) === true ? other.slice(0, -clientPath.length) + path : `${url}/${path}`
}

const issuerSaid = async (url: string, signal: AbortSignal): Promise<string | undefined> => {
  const found = await openidDocument(url, signal)
  return 'document' in found ? KNOWN.safeParse(found.document).data?.issuer : undefined
}
