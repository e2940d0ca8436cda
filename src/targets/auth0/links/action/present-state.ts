import { actionByName, type Binding, bindings, type PresentAction } from '../../api/actions-api.ts'
import type { ManagementApi } from '../../api/management-api.ts'
import { ACTION_NAME, ACTION_RUNTIME } from './wanted-action.ts'

/** What of the Action is at the tenant. Values of its secrets are never told. */
export interface PresentState {
  readonly action?: PresentAction
  /** In the order in which they run. */
  readonly bound: readonly Binding[]
}

export const presentState = async (api: ManagementApi, signal: AbortSignal): Promise<PresentState> => {
  const action = await actionByName(api, ACTION_NAME, signal)
  return { ...(action === undefined ? {} : { action }), bound: await bindings(api, signal) }
}

/** `runs`: at every login. `other code`: it may be of another version of syn2op, or in another runtime. */
export const standingOf = (
  { action, bound }: PresentState,
  code: string,
): 'absent' | 'other code' | 'not bound' | 'runs' => {
  if (action === undefined) return 'absent'
  const { runtime = ACTION_RUNTIME } = action
  if (action.code !== code || runtime !== ACTION_RUNTIME || !action.deployed) return 'other code'
  return bound.some(({ actionId }) => actionId === action.id) ? 'runs' : 'not bound'
}
