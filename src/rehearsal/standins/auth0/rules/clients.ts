import { reading } from './examples.ts'
import { inferred, specified } from './published.ts'
import { patching, refused, shown, withoutScope } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const UPDATE = 'PATCH /connections/{id}/clients'
const PATH = '/api/v2/connections/{connection}/clients'
const NOWHERE = '/api/v2/connections/con_0000000000000000/clients'

const switching = (body: unknown, scopes?: readonly string[]): Step =>
  patching(PATH, body, scopes === undefined ? {} : { scopes })

/** The same client so many times. */
const times = (length: number): readonly unknown[] =>
  Array.from({ length }, () => ({ client_id: '{client}', status: true }))

/** For which applications a connection is enabled. */
export const CLIENTS_RULES: readonly Rule[] = [
  {
    id: 'clients.read',
    says: 'The clients of a connection are read by its id.',
    sources: [
      specified('GET /connections/{id}/clients', '"required": ["clients"]'),
      specified('GET /connections/{id}/clients', '"oAuth2ClientCredentials": ["read:connections"]'),
    ],
    keeps: { steps: [reading(PATH, ['read:connections'])] },
    breaks: [
      { wrong: 'a connection that is not there', steps: [reading(NOWHERE)], refusal: refused(404) },
      { wrong: 'may only read users', steps: [reading(PATH, ['read:users'])], refusal: withoutScope },
      { wrong: '1001 a page', steps: [reading(`${PATH}?take=1001`)], refusal: refused(400, 'invalid_query_string') },
    ],
  },
  {
    id: 'clients.update.items',
    says: 'A change is a list of clients, each with a status, one at least.',
    sources: [
      specified(UPDATE, '"required": ["client_id", "status"], "type": "object"'),
      specified(UPDATE, '"minItems": 1, "type": "array"'),
    ],
    keeps: { steps: [switching([{ client_id: '{client}', status: true }])] },
    breaks: [
      { wrong: 'nobody', steps: [switching([])], refusal: refused(400, 'invalid_body') },
      {
        wrong: 'no list',
        steps: [switching({ client_id: '{client}', status: true })],
        refusal: refused(400, 'invalid_body'),
      },
      { wrong: 'no status', steps: [switching([{ client_id: '{client}' }])], refusal: refused(400, 'invalid_body') },
      {
        wrong: 'a text for the status',
        steps: [switching([{ client_id: '{client}', status: 'true' }])],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'another property',
        steps: [switching([{ client_id: '{client}', status: true, name: 'app' }])],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'clients.update.most',
    says: 'A change names 50 clients at most.',
    sources: [says('connectionClients', 'Note that the limit per PATCH request is 50 clients.')],
    keeps: { steps: [switching(times(50))] },
    breaks: [{ wrong: '51', steps: [switching(times(51))], refusal: refused(400, 'invalid_body') }],
  },
  {
    id: 'clients.update.added',
    says: 'Those who are not in the list stay as they are.',
    sources: [inferred(says('connectionClients', 'The client_id of the client whose status will be changed.'))],
    keeps: { steps: [switching([{ client_id: '{client}', status: false }])] },
    breaks: [
      {
        wrong: 'switched off, and read as if it were on',
        steps: [switching([{ client_id: '{client}', status: false }])],
        refusal: shown(PATH, { clients: [] }),
      },
      {
        wrong: 'may only read',
        steps: [switching([{ client_id: '{client}', status: true }], ['read:connections'])],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'clients.application',
    says: 'What an application may is read by its id.',
    sources: [
      specified(
        'GET /clients/{id}',
        '"oAuth2ClientCredentials": ["read:clients", "read:client_keys", "read:client_credentials"',
      ),
    ],
    keeps: { steps: [reading('/api/v2/clients/{client}', ['read:clients'])] },
    breaks: [
      { wrong: 'one that is not there', steps: [reading('/api/v2/clients/nobody')], refusal: refused(404) },
      {
        wrong: 'may only read connections',
        steps: [reading('/api/v2/clients/{client}', ['read:connections'])],
        refusal: withoutScope,
      },
    ],
  },
]
