import { z } from 'zod'
import { adminPath } from '../../../targets/keycloak/api/admin-path.ts'
import { askAsAdministrator } from './administrator.ts'
import type { KeycloakAddress } from './keycloak-service.ts'

const REALM = z.object({ attributes: z.record(z.string(), z.string()).default({}) })

export interface AskedRealm {
  readonly status: number
  /** Undefined: there is no such realm, or it is not shown. */
  readonly attributes: Readonly<Record<string, string>> | undefined
}

/**
 * Reads the attributes of a realm.
 * @throws Syn2opError target.not-allowed where nobody is let in, server.unreachable; the signal's reason when it is aborted
 */
export const attributesOf = async (
  address: KeycloakAddress,
  name: string,
  signal: AbortSignal,
): Promise<AskedRealm> => {
  const { status, body } = await askAsAdministrator(address, { method: 'GET', path: adminPath`realms/${name}`, signal })
  return { status, attributes: status === 200 ? REALM.safeParse(body).data?.attributes : undefined }
}
