import { CONNECTIONS_DELETE_RULES } from './connections-delete.ts'
import { reading } from './examples.ts'
import { specified } from './published.ts'
import { eachOf, patching, posting, refused, withoutScope } from './requests.ts'
import type { Refusal, Rule } from './rule.ts'
import { says } from './users-published.ts'

const GET = 'GET /connections/{id}'
const LIST = 'GET /connections'
const CREATE = 'POST /connections'
const UPDATE = 'PATCH /connections/{id}'
const PATH = '/api/v2/connections/{connection}'
const NOWHERE = '/api/v2/connections/con_0000000000000000'

const WITHOUT_OPTIONS = ['read:connections']

const withoutOptions = (path: string, contains: Readonly<Record<string, unknown>>): Refusal => ({
  kind: 'shows',
  request: { method: 'GET', path, scopes: WITHOUT_OPTIONS },
  status: 200,
  contains,
})

export const CONNECTIONS_RULES: readonly Rule[] = [
  {
    id: 'connections.read.known',
    says: 'A connection is read by its id.',
    sources: [specified(GET, '"responses": {"200", "400", "401", "403", "404", "429"}')],
    keeps: { steps: [reading(PATH)] },
    breaks: [
      { wrong: 'an id of none', steps: [reading(NOWHERE)], refusal: refused(404, 'inexistent_connection') },
      {
        wrong: 'its name',
        steps: [reading('/api/v2/connections/Username-Password-Authentication')],
        refusal: refused(404, 'inexistent_connection'),
      },
    ],
  },
  {
    id: 'connections.read.scope',
    says: 'Reading connections needs the scope read:connections.',
    sources: [specified(GET, '"oAuth2ClientCredentials": ["read:connections"]')],
    keeps: { steps: [reading(PATH, ['read:connections'])] },
    breaks: [{ wrong: 'may only read users', steps: [reading(PATH, ['read:users'])], refusal: withoutScope }],
  },
  {
    id: 'connections.read.options',
    says: 'The options of a connection are told to whoever has the scope read:connections_options; to anybody else it looks as if it had none.',
    sources: [
      says(
        'connectionOptions',
        'do not include the `options` field unless the caller has the `read:connections_options` scope',
      ),
    ],
    keeps: { steps: [reading(PATH, ['read:connections', 'read:connections_options'])] },
    breaks: [
      {
        wrong: 'may only read connections',
        steps: [reading(PATH, WITHOUT_OPTIONS)],
        refusal: withoutOptions(PATH, { options: undefined }),
      },
      {
        wrong: 'may only read connections, and lists them',
        steps: [reading('/api/v2/connections', WITHOUT_OPTIONS)],
        refusal: withoutOptions('/api/v2/connections', { 0: { options: undefined } }),
      },
    ],
  },
  {
    id: 'connections.list.strategy',
    says: 'Connections are listed by strategies that there are.',
    sources: [specified(LIST, '{"name": "strategy", "schema": {"items": {"enum": ["ad", "adfs", "amazon"')],
    keeps: { steps: [reading('/api/v2/connections?strategy=auth0&per_page=100')] },
    breaks: [
      {
        wrong: 'a strategy that does not exist',
        steps: [reading('/api/v2/connections?strategy=database')],
        refusal: refused(400, 'invalid_query_string'),
      },
      {
        wrong: '101 a page',
        steps: [reading('/api/v2/connections?per_page=101')],
        refusal: refused(400, 'invalid_query_string'),
      },
    ],
  },
  {
    id: 'connections.create.name',
    says: 'A connection has a name of letters, digits and single hyphens, 128 at most, which no other has.',
    sources: [
      specified(CREATE, '"name": {"maxLength": 128, "pattern": "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$"'),
      specified(CREATE, '"responses": {"201", "400", "401", "403", "409", "429"}'),
    ],
    keeps: { steps: [posting('/api/v2/connections', { name: 'matrix-people', strategy: 'auth0' })] },
    breaks: [
      {
        wrong: 'none',
        steps: [posting('/api/v2/connections', { strategy: 'auth0' })],
        refusal: refused(400, 'invalid_body'),
      },
      ...['matrix people', '-matrix', 'matrix--people', 'x'.repeat(129)].map((name) => ({
        wrong: name,
        steps: [posting('/api/v2/connections', { name, strategy: 'auth0' })] as const,
        refusal: refused(400, 'invalid_body'),
      })),
      {
        wrong: 'a name that is taken',
        steps: [posting('/api/v2/connections', { name: '{connection name}', strategy: 'auth0' })],
        refusal: refused(409),
      },
    ],
  },
  {
    id: 'connections.update.options.replaced',
    says: 'New options take the place of all the options.',
    sources: [
      says(
        'connection',
        'the entire `options` object is overridden. To avoid partial data or other issues, ensure all parameters are present when using this option.',
      ),
    ],
    keeps: { steps: [patching(PATH, { options: { requires_username: true, brute_force_protection: true } })] },
    breaks: [
      {
        wrong: 'one option alone: the length of usernames is the usual 15 again',
        steps: [
          patching(PATH, { options: { requires_username: true } }),
          posting('/api/v2/users', {
            connection: '{connection name}',
            email: 'ann@example.org',
            username: 'a'.repeat(16),
            password: 'Correct-horse-9',
          }),
        ],
        refusal: refused(400),
      },
    ],
  },
  {
    id: 'connections.update.only',
    says: 'Name and strategy of a connection stay.',
    sources: [specified(UPDATE, '"additionalProperties": false, "minProperties": 1')],
    keeps: { steps: [patching(PATH, { display_name: 'People of Matrix' })] },
    breaks: [
      {
        wrong: 'another name',
        steps: [patching(PATH, { name: 'matrix' })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'another strategy',
        steps: [patching(PATH, { strategy: 'oidc' })],
        refusal: refused(400, 'invalid_body'),
      },
      { wrong: 'nothing', steps: [patching(PATH, {})], refusal: refused(400, 'invalid_body') },
    ],
  },
  {
    id: 'connections.update.scope',
    says: 'Changing a connection needs the scope update:connections.',
    sources: [specified(UPDATE, '"oAuth2ClientCredentials": ["update:connections"]')],
    keeps: { steps: [patching(PATH, { display_name: 'Matrix' }, { scopes: ['update:connections'] })] },
    breaks: [
      {
        wrong: 'may only read',
        steps: [patching(PATH, { display_name: 'Matrix' }, { scopes: ['read:connections'] })],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'connections.update.options.scope',
    says: 'Changing the options of a connection needs the scope update:connections_options too.',
    sources: [
      says(
        'connectionOptions',
        'fail if the request body contains the options field and the caller does not have the `update:connections_options` scope',
      ),
    ],
    keeps: {
      steps: [
        patching(
          PATH,
          { options: { requires_username: true } },
          { scopes: ['update:connections', 'update:connections_options'] },
        ),
      ],
    },
    breaks: eachOf(['update:connections', 'update:connections_options'], (scope) => ({
      wrong: `${scope} alone`,
      steps: [patching(PATH, { options: { requires_username: true } }, { scopes: [scope] })],
      refusal: withoutScope,
    })),
  },
  ...CONNECTIONS_DELETE_RULES,
]
