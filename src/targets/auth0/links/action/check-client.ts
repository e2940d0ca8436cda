import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import { openManagementApi } from '../../api/management-api.ts'
import type { Auth0Config } from '../../config/auth0-config.ts'
import type { ActionClient } from './wanted-action.ts'

const NEEDED: readonly string[] = ['read:users', 'update:users']

/**
 * Whether the Action will be let in: else it would refuse every login that it looks after.
 * @returns scopes that it does not need
 * @throws Syn2opError target.not-allowed, server.unreachable
 */
export const requireClient = async (
  config: Auth0Config,
  client: ActionClient,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const api = openManagementApi({ ...config, client })
  try {
    const scopes = await api.scopes(signal)
    const lacks = scopes === undefined ? [] : NEEDED.filter((scope) => !scopes.includes(scope))
    if (lacks.length === 0) return (scopes ?? []).filter((scope) => !NEEDED.includes(scope))
    throw new Syn2opError('target.not-allowed', `The application ${client.id} lacks the scope ${lacks.join(' and ')}`, {
      next: [
        `Give it both, and nothing else, in the Dashboard under Applications, APIs, Auth0 Management API: ${NEEDED.join(', ')}.`,
      ],
    })
  } finally {
    await api.close()
  }
}
