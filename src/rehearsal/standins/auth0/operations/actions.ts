import { randomUUID } from 'node:crypto'
import { type Answer, type Incoming, type Operation, refusal } from '../answer.ts'
import type { Action, ActionVersion, Tenant } from '../tenant.ts'
import { BINDINGS_OPERATIONS } from './action-bindings.ts'
import { draftOf, isTrigger, triggerOf, wrongAction } from './action-draft.ts'
import { pageOf } from './pages.ts'
import { type Body, invalidBody, invalidQuery, objectOf } from './payload.ts'

const iso = (at: number): string => new Date(at).toISOString()

const versionBody = ({ code, dependencies, runtime, secrets }: ActionVersion): Body => ({
  code,
  dependencies,
  runtime,
  secrets: secrets.map(({ name }) => ({ name })),
})

const draft = ({ code, dependencies, runtime, secrets }: Action): ActionVersion => ({
  code,
  dependencies,
  runtime,
  secrets,
})

const bodyOf = (action: Action): Body => ({
  id: action.id,
  name: action.name,
  supported_triggers: [{ id: action.trigger, version: 'v3' }],
  ...versionBody(action),
  status: 'built',
  all_changes_deployed: JSON.stringify(action.deployed) === JSON.stringify(draft(action)),
  ...(action.deployed === undefined ? {} : { deployed_version: { ...versionBody(action.deployed), deployed: true } }),
  created_at: iso(action.createdAt),
  updated_at: iso(action.updatedAt),
})

const create = (tenant: Tenant, incoming: Incoming): Answer => {
  const body = objectOf(incoming) ?? {}
  const wrong = wrongAction(body, ['name', 'supported_triggers'])
  if (wrong !== undefined) return wrong
  const name = String(body['name'])
  if ([...tenant.actions.values()].some((each) => each.name === name))
    return refusal(400, 'Bad Request', `An action with name ${name} exists already.`)
  const now = tenant.clock.now()
  const version = draftOf(body, { code: '', dependencies: [], runtime: 'node22', secrets: [] })
  const action: Action = {
    ...version,
    id: randomUUID(),
    name,
    trigger: triggerOf(body),
    ...(body['deploy'] === true ? { deployed: version } : {}),
    createdAt: now,
    updatedAt: now,
  }
  tenant.actions.set(action.id, action)
  return { status: 201, body: bodyOf(action) }
}

const update = (tenant: Tenant, incoming: Incoming, action: Action): Answer => {
  const body = objectOf(incoming) ?? {}
  const wrong = wrongAction(body, [])
  if (wrong !== undefined) return wrong
  const changed: Action = {
    ...action,
    ...draftOf(body, action),
    ...(typeof body['name'] === 'string' ? { name: body['name'] } : {}),
    updatedAt: tenant.clock.now(),
  }
  tenant.actions.set(action.id, changed)
  return { status: 200, body: bodyOf(changed) }
}

const deploy = (tenant: Tenant, action: Action): Answer => {
  const deployed = { ...action, deployed: draft(action), updatedAt: tenant.clock.now() }
  tenant.actions.set(action.id, deployed)
  return {
    status: 202,
    body: { id: randomUUID(), action_id: action.id, ...versionBody(action), deployed: true, status: 'built' },
  }
}

const remove = (tenant: Tenant, { query }: Incoming, action: Action): Answer => {
  if (action.position !== undefined && query.get('force') !== 'true')
    return refusal(400, 'Bad Request', 'The action is bound to a trigger; it is deleted with force=true only.')
  tenant.actions.delete(action.id)
  return { status: 204 }
}

const notFound = refusal(404, 'Not Found', 'That action does not exist.')

const ofAction =
  (answer: (tenant: Tenant, incoming: Incoming, action: Action) => Answer, absent: Answer): Operation['answer'] =>
  (tenant, incoming, { id = '' }) => {
    const action = tenant.actions.get(id)
    return action === undefined ? absent : answer(tenant, incoming, action)
  }

const list = (tenant: Tenant, query: URLSearchParams): Answer => {
  const page = pageOf(query, { least: 1 })
  if ('refused' in page) return page.refused
  const name = query.get('actionName')
  const trigger = query.get('triggerId')
  if (trigger !== null && !isTrigger(trigger)) return invalidQuery('No enum match on property triggerId')
  const found = [...tenant.actions.values()].filter(
    (action) => (name === null || action.name === name) && (trigger === null || action.trigger === trigger),
  )
  const actions = found.slice(page.start, page.start + page.size).map(bodyOf)
  return { status: 200, body: { actions, total: found.length, page: page.start / page.size, per_page: page.size } }
}

const operation = (method: string, path: string, scope: string, answer: Operation['answer']): Operation => ({
  method,
  path: `/actions/actions${path}`,
  scopes: [scope],
  limit: 'other',
  answer,
})

/** Code that runs at a login, or after somebody was added. No other triggers are there. */
export const ACTIONS_OPERATIONS: readonly Operation[] = [
  operation('GET', '', 'read:actions', (tenant, { query }) => list(tenant, query)),
  operation('POST', '', 'create:actions', create),
  operation(
    'GET',
    '/{id}',
    'read:actions',
    ofAction((_, __, action) => ({ status: 200, body: bodyOf(action) }), notFound),
  ),
  operation('PATCH', '/{id}', 'update:actions', ofAction(update, notFound)),
  operation('DELETE', '/{id}', 'delete:actions', ofAction(remove, notFound)),
  operation(
    'POST',
    '/{id}/deploy',
    'create:actions',
    ofAction((tenant, _, action) => deploy(tenant, action), invalidBody('The action does not exist')),
  ),
  ...BINDINGS_OPERATIONS,
]
