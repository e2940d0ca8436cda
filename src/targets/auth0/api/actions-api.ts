import { z } from 'zod'
import { encodedPath } from '../../http/encoded-path.ts'
import { type MadeAnswer, make, read, type WriteAnswer, write } from './answers.ts'
import type { ManagementApi } from './management-api.ts'

/** Code of the tenant's that runs at a login. */
export interface PresentAction {
  readonly id: string
  readonly name: string
  readonly code: string
  /** Such as `node22`; absent: Auth0 does not tell. */
  readonly runtime?: string
  /** Whether what is here is what runs, once it is bound. */
  readonly deployed: boolean
}

export interface NewAction {
  readonly name: string
  readonly code: string
  /** Such as `node22`. */
  readonly runtime: string
  readonly dependencies: readonly { readonly name: string; readonly version: string }[]
  /** Values are secrets, which Auth0 never tells again. */
  readonly secrets: readonly { readonly name: string; readonly value: string }[]
}

const ACTION = z
  .object({
    id: z.string(),
    name: z.string(),
    code: z.string().nullish(),
    runtime: z.string().nullish(),
    all_changes_deployed: z.boolean().nullish(),
  })
  .transform(
    ({ id, name, code, runtime, all_changes_deployed: deployed }): PresentAction => ({
      id,
      name,
      code: code ?? '',
      ...(runtime ? { runtime } : {}),
      deployed: deployed ?? false,
    }),
  )

const ACTIONS = z.object({ actions: z.array(ACTION) })

const TRIGGER = { id: 'post-login', version: 'v3' }
const BINDINGS = 'actions/triggers/post-login/bindings'

/** Of the trigger post-login, by its name. Undefined where there is none. */
export const actionByName = async (
  api: ManagementApi,
  name: string,
  signal: AbortSignal,
): Promise<PresentAction | undefined> => {
  const query = { triggerId: TRIGGER.id, actionName: name }
  const { actions } = await read(api, ACTIONS, { path: 'actions/actions', query, signal })
  return actions.find((action) => action.name === name)
}

export const createAction = (
  api: ManagementApi,
  action: NewAction,
  signal: AbortSignal,
): Promise<MadeAnswer<PresentAction>> =>
  make(api, ACTION, {
    method: 'POST',
    path: 'actions/actions',
    body: { ...action, supported_triggers: [TRIGGER] },
    signal,
  })

export const updateAction = (
  api: ManagementApi,
  id: string,
  action: Partial<NewAction>,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, { method: 'PATCH', path: encodedPath`actions/actions/${id}`, body: action, signal })

/** Auth0 builds it first, for some seconds: `deployed` tells when that is done. */
export const deployAction = (api: ManagementApi, id: string, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'POST', path: encodedPath`actions/actions/${id}/deploy`, signal })

/** One that is bound too. */
export const deleteAction = (api: ManagementApi, id: string, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: encodedPath`actions/actions/${id}`, query: { force: true }, signal })

const BOUND = z.object({
  bindings: z.array(z.object({ id: z.string(), display_name: z.string(), action: z.object({ id: z.string() }) })),
})

/** An Action that runs. */
export interface Binding {
  /** Of the binding itself; absent: it is to be made. One that is there can have secrets of its own, which nobody reads. */
  readonly id?: string
  readonly actionId: string
  readonly displayName: string
}

/** Those that run at every login, in the order in which they run. */
export const bindings = (api: ManagementApi, signal: AbortSignal): Promise<readonly Binding[]> =>
  bindingsAt(api, BINDINGS, signal)

/** Those that run after somebody was added to a database connection, likewise. */
export const registrationBindings = (api: ManagementApi, signal: AbortSignal): Promise<readonly Binding[]> =>
  bindingsAt(api, 'actions/triggers/post-user-registration/bindings', signal)

const bindingsAt = async (api: ManagementApi, path: string, signal: AbortSignal): Promise<readonly Binding[]> => {
  const found = await read(api, BOUND, { path, query: { per_page: 100 }, signal })
  return found.bindings.map(({ id, action, display_name: displayName }) => ({ id, actionId: action.id, displayName }))
}

/** In the place of all bindings that there are: send back what was read, changed. */
export const replaceBindings = (
  api: ManagementApi,
  list: readonly Binding[],
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, {
    method: 'PATCH',
    path: BINDINGS,
    body: {
      bindings: list.map(({ id, actionId, displayName }) => ({
        ref: id === undefined ? { type: 'action_id', value: actionId } : { type: 'binding_id', value: id },
        display_name: displayName,
      })),
    },
    signal,
  })
