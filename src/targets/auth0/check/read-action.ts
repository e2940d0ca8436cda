import type { ManagementApi } from '../api/management-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { presentState, standingOf } from '../links/action/present-state.ts'
import { actionSource } from '../links/action/wanted-action.ts'

/** Of the Action that links people at their first login. */
export type ActionStanding = ReturnType<typeof standingOf>

/**
 * Whether the Action runs. Undefined where no provider needs it, or the client may not see it.
 * @param may whether the client has a scope
 */
export const readAction = async (
  {
    api,
    config,
    signal,
  }: {
    readonly api: ManagementApi
    readonly config: Pick<Auth0Config, 'providers'>
    readonly signal: AbortSignal
  },
  may: (scope: string) => boolean,
): Promise<ActionStanding | undefined> => {
  if (!config.providers.some(({ link }) => link === 'action') || !may('read:actions')) return undefined
  return standingOf(await presentState(api, signal), await actionSource())
}
