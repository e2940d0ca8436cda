import { reading } from './examples.ts'
import { inferred, specified } from './published.ts'
import { deleting, patching, posting, refused, shown, withoutScope } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const CREATE = 'POST /actions/actions'
const ACTIONS = '/api/v2/actions/actions'
const BINDINGS = '/api/v2/actions/triggers/post-login/bindings'

const LINKER = {
  name: 'link people of Matrix',
  supported_triggers: [{ id: 'post-login', version: 'v3' }],
  code: 'exports.onExecutePostLogin = async () => {}',
}

const creating = (action: unknown, scopes?: readonly string[]): Step =>
  posting(ACTIONS, action, scopes === undefined ? {} : { scopes })

const DEPLOYED = posting(`${ACTIONS}/{id}/deploy`)

const bound = (name: string): Step =>
  patching(BINDINGS, { bindings: [{ ref: { type: 'action_name', value: name }, display_name: name }] })

/** Code of the tenant's that runs at a login. */
export const ACTIONS_RULES: readonly Rule[] = [
  {
    id: 'actions.create.body',
    says: 'An Action has a name and one trigger at least, and no properties but those of the specification.',
    sources: [
      specified(CREATE, '"required": ["name", "supported_triggers"]'),
      specified(CREATE, '"supported_triggers": {"minItems": 1'),
    ],
    keeps: { steps: [creating(LINKER)] },
    breaks: [
      { wrong: 'no name', steps: [creating({ ...LINKER, name: undefined })], refusal: refused(400, 'invalid_body') },
      {
        wrong: 'no trigger',
        steps: [creating({ ...LINKER, supported_triggers: [] })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'another property',
        steps: [creating({ ...LINKER, source: '' })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'code that is no text',
        steps: [creating({ ...LINKER, code: 7 })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'a trigger that does not exist',
        steps: [creating({ ...LINKER, supported_triggers: [{ id: 'after-login' }] })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'actions.create.scope',
    says: 'Making and deploying an Action needs the scope create:actions.',
    sources: [specified(CREATE, '"oAuth2ClientCredentials": ["create:actions"]')],
    keeps: { steps: [creating(LINKER, ['create:actions'])] },
    breaks: [{ wrong: 'may only update', steps: [creating(LINKER, ['update:actions'])], refusal: withoutScope }],
  },
  {
    id: 'actions.deploy',
    says: 'An Action is deployed by its id.',
    sources: [
      says('deployment', 'Deploying an action will create a new immutable version of the action.'),
      specified('POST /actions/actions/{id}/deploy', '"responses": {"202", "400", "401", "403", "429"}'),
    ],
    keeps: { steps: [creating(LINKER), DEPLOYED] },
    breaks: [{ wrong: 'an id of none', steps: [posting(`${ACTIONS}/none/deploy`)], refusal: refused(400) }],
  },
  {
    id: 'actions.bind',
    says: 'An Action runs once it is deployed and bound; the list that is sent is the whole list.',
    sources: [
      says(
        'action',
        'Once an action is created, it must be deployed, and then bound to a trigger before it will be executed',
      ),
      says(
        'bindings',
        'The order in which the actions are provided will determine the order in which they are executed.',
      ),
    ],
    keeps: { steps: [creating(LINKER), DEPLOYED, bound(LINKER.name)] },
    breaks: [
      { wrong: 'not deployed', steps: [creating(LINKER), bound(LINKER.name)], refusal: refused(400) },
      { wrong: 'not there', steps: [bound('nothing')], refusal: refused(400) },
      {
        wrong: 'an empty list, as if that added nothing',
        steps: [creating(LINKER), DEPLOYED, bound(LINKER.name), patching(BINDINGS, { bindings: [] })],
        refusal: shown(BINDINGS, { total: 0 }),
      },
      {
        wrong: 'a trigger that does not exist',
        steps: [patching('/api/v2/actions/triggers/after-login/bindings', { bindings: [] })],
        refusal: refused(400),
      },
      {
        wrong: 'may only create',
        steps: [patching(BINDINGS, { bindings: [] }, { scopes: ['create:actions'] })],
        refusal: withoutScope,
      },
      {
        wrong: 'no reference',
        steps: [patching(BINDINGS, { bindings: [{ display_name: 'x' }] })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'actions.secrets',
    says: 'The value of a secret is never read again.',
    sources: [
      inferred(specified('GET /actions/actions/{id}', '"secrets": {"items": {"properties": {"name", "updated_at"}')),
    ],
    keeps: {
      steps: [creating({ ...LINKER, secrets: [{ name: 'SECRET', value: 'hush' }] }), reading(`${ACTIONS}/{id}`)],
    },
    breaks: [
      {
        wrong: 'a secret without a name',
        steps: [creating({ ...LINKER, secrets: [{ value: 'hush' }] })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'actions.delete',
    says: 'An Action that is bound is deleted only by force.',
    sources: [
      specified('DELETE /actions/actions/{id}', '{"name": "force", "in": "query", "schema": {"type": "boolean"}}'),
    ],
    keeps: { steps: [creating(LINKER), deleting(`${ACTIONS}/{id}`)] },
    breaks: [
      {
        wrong: 'bound, without force',
        steps: [creating({ ...LINKER, deploy: true }), bound(LINKER.name), deleting(`${ACTIONS}/{id}`)],
        refusal: refused(400),
      },
      { wrong: 'none', steps: [deleting(`${ACTIONS}/none`)], refusal: refused(404) },
    ],
  },
]
