import type { ManagementApi } from '../../api/management-api.ts'

/** The time at Auth0, by which its Actions go, in whole seconds as milliseconds since 1970: this machine's may be another. */
export const tenantTime = async (api: ManagementApi, signal: AbortSignal): Promise<number> => {
  const { headers } = await api.send({ method: 'GET', path: 'actions/triggers/post-login/bindings', signal })
  const dated = Date.parse(headers['date'] ?? '')
  return Number.isNaN(dated) ? api.clock.now() : dated
}
