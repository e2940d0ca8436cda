import { z } from 'zod'
import { type Answer, type Incoming, type Operation, refusal } from '../answer.ts'
import type { Action, ActionTrigger, Tenant } from '../tenant.ts'
import { isTrigger } from './action-draft.ts'
import { type Body, invalidBody } from './payload.ts'

const bindings = z.strictObject({
  bindings: z.array(
    z.strictObject({
      ref: z.strictObject({ type: z.enum(['action_id', 'action_name', 'binding_id']), value: z.string() }),
      display_name: z.string().optional(),
      secrets: z.array(z.unknown()).optional(),
    }),
  ),
})

/** In the order in which they run. */
export const boundActions = (tenant: Tenant, trigger: ActionTrigger): readonly Action[] =>
  [...tenant.actions.values()]
    .filter((action) => action.trigger === trigger && action.position !== undefined)
    .toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0))

const bodyOf = (action: Action): Body => ({
  id: `binding-${action.id}`,
  trigger_id: action.trigger,
  display_name: action.name,
  action: { id: action.id, name: action.name },
})

const listed = (tenant: Tenant, trigger: ActionTrigger): Body => {
  const bound = boundActions(tenant, trigger).map(bodyOf)
  return { bindings: bound, total: bound.length, page: 0, per_page: 50 }
}

const noTrigger = refusal(400, 'Bad Request', 'No such trigger.')

const bind = (tenant: Tenant, { json }: Incoming, trigger: ActionTrigger): Answer => {
  const parsed = bindings.safeParse(json)
  if (!parsed.success) return invalidBody(parsed.error.issues[0]?.message ?? 'Invalid bindings')
  const actions = [...tenant.actions.values()].filter((action) => action.trigger === trigger)
  const wanted = parsed.data.bindings.map(({ ref: { type, value } }) =>
    actions.find(
      (action) =>
        (type === 'action_name' ? action.name : `${type === 'binding_id' ? 'binding-' : ''}${action.id}`) === value,
    ),
  )
  const found = wanted.flatMap((action) => (action?.deployed === undefined ? [] : [action]))
  if (found.length < wanted.length) return refusal(400, 'Bad Request', 'An action is not there, or not deployed.')
  for (const { position: _, ...action } of actions) {
    const position = found.findIndex(({ id }) => id === action.id)
    tenant.actions.set(action.id, position === -1 ? action : { ...action, position })
  }
  return { status: 200, body: listed(tenant, trigger) }
}

const PATH = '/actions/triggers/{trigger}/bindings'

/** Which Actions run at a trigger, and in which order: always the whole list. */
export const BINDINGS_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: PATH,
    scopes: ['read:actions'],
    limit: 'other',
    answer: (tenant, _, { trigger = '' }) =>
      isTrigger(trigger) ? { status: 200, body: listed(tenant, trigger) } : noTrigger,
  },
  {
    method: 'PATCH',
    path: PATH,
    scopes: ['update:actions'],
    limit: 'other',
    answer: (tenant, incoming, { trigger = '' }) => (isTrigger(trigger) ? bind(tenant, incoming, trigger) : noTrigger),
  },
]
