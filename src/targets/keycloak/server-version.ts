import type { AdminApi } from './api/admin-api.ts'
import { SERVER_INFO, type ServerInfo } from './check/seen.ts'
import { PROVIDER_ID } from './provider/provider-jar.ts'

/**
 * Keycloak's version; undefined where nobody tells it. 26.4 and 26.5 tell it to administrators of the realm master only: there the
 * password provider does.
 */
export const versionTold = ({ systemInfo, providers }: ServerInfo): string | undefined =>
  systemInfo?.version ?? providers['password-hashing']?.providers[PROVIDER_ID]?.operationalInfo?.['keycloak']

/** The same, asked for. */
export const serverVersion = async (api: AdminApi, signal: AbortSignal): Promise<string | undefined> => {
  const { body } = await api.send({ method: 'GET', path: '//admin/serverinfo', signal })
  const { data } = SERVER_INFO.safeParse(body)
  return data === undefined ? undefined : versionTold(data)
}
