import { z } from 'zod'
import type { AdminApi } from '../../../targets/keycloak/api/admin-api.ts'
import { adminPath } from '../../../targets/keycloak/api/admin-path.ts'

const ACTIONS = z.array(z.looseObject({ alias: z.string(), enabled: z.boolean().default(false) }))

/** Turns on what everybody has to do at the first login, as far as Keycloak knows it: a check tells the rest. */
export const enableRequiredActions = async (
  api: AdminApi,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  if (wanted.length === 0) return
  const { body } = await api.send({ method: 'GET', path: 'authentication/required-actions', signal })
  for (const action of ACTIONS.parse(body)) {
    if (action.enabled || !wanted.includes(action.alias)) continue
    const path = adminPath`authentication/required-actions/${action.alias}`
    await api.send({ method: 'PUT', path, body: { ...action, enabled: true }, signal })
  }
}
