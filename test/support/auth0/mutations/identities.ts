import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, Given, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { lackingScope, refusalOf, send, shows, withId, withJson } from './changes.ts'
import { type Mutation, type MutationOf, mutation, type Steps } from './mutation.ts'

const ofText = (request: ApiRequest, property: string): string =>
  isObject(request.json) ? String(request.json[property]) : ''

/** What links somebody whom SCIM has made, the first, with who was imported, the second. */
const linking = (our: Ours) => {
  const link = our.request('POST /api/v2/users/*/identities', ({ path }) => path.includes('oidc%7C'))
  const second = ofText(link, 'user_id')
  const primary = link.path.replace('/identities', '')
  const given: Given = {
    ...HOME,
    enterprise: { strategy: 'oidc', scim: true },
    users: [{ ...our.anna, user_id: second }],
  }
  const make = our.request(
    'POST /scim/v2/connections/*/Users',
    ({ json }) => isObject(json) && json['externalId'] === '4711',
  )
  return { link, second, primary, given, made: send(make), secondary: `/api/v2/users/auth0%7C${second}` }
}

/** Two users who become one. */
export const identityMutations = (our: Ours): readonly Mutation[] => {
  const { link, second, primary, given, made, secondary } = linking(our)
  const unlink = {
    ...our.request('DELETE /api/v2/users/*/identities/*/*'),
    path: `${primary}/identities/auth0/${second}`,
  }
  const linked: Steps = [made, send(link)]
  const doing = (rule: string, wrongs: MutationOf['wrongs'], refusal = refusalOf(rule)): Mutation =>
    mutation(rule, { given, steps: linked, refusal, wrongs })
  const wrongly = (wrong: string, ...steps: readonly [Step, ...Step[]]) => ({ wrong, steps: [made, ...steps] as const })
  const sent = (others: Readonly<Record<string, unknown>>) =>
    wrongly(JSON.stringify(others), send(withJson(link, others)))
  const nobody = fc.stringMatching(/^[0-9a-f]{32}$/u)
  return [
    doing('identities.link.both-exist', [
      nobody.map((id) => sent({ user_id: id })),
      nobody.map((id) => wrongly(`to ${id}`, send(withId(link, 'users', `auth0%7C${id}`)))),
      {
        ...wrongly('with themselves', send(withJson({ ...link, path: `${secondary}/identities` }, {}))),
        refusal: refusalOf('identities.link.both-exist', 2),
      },
    ]),
    doing('identities.link.body', [
      sent({ provider: undefined }),
      sent({ user_id: undefined }),
      fc.stringMatching(/^[a-z]{12}$/u).map((provider) => sent({ provider })),
      sent({ connection_id: '{connection name}' }),
      fc.stringMatching(/^[a-z]{12}$/u).map((property) => sent({ [property]: true })),
    ]),
    doing('identities.link.once', [wrongly('the same again', send(link), send(link))]),
    doing('identities.link.secondary-gone', [wrongly('read after it', send(link))], shows(secondary, undefined, 404)),
    doing(
      'identities.link.metadata',
      [wrongly('taken for kept with the second', send(link), send(unlink))],
      shows(secondary, { user_id: `auth0|${second}`, app_metadata: undefined }),
    ),
    doing('identities.link.provisioned-first', [
      wrongly(
        'as the second',
        send({
          ...link,
          path: `${secondary}/identities`,
          json: { provider: 'oidc', user_id: '{enterprise name}|4711', connection_id: '{enterprise}' },
        }),
      ),
    ]),
    doing('identities.link.scope', [lackingScope(link, ['update:users'], [made])]),
    mutation('identities.unlink', {
      given,
      steps: [...linked, send(unlink)],
      refusal: refusalOf('identities.unlink'),
      wrongs: [
        wrongly('one that is not linked', send(unlink)),
        wrongly('the first identity', send(link), send(firstOf(unlink))),
      ],
    }),
    doing(
      'identities.delete.with-primary',
      [wrongly('the first is deleted', send(link), send({ ...our.request('DELETE /api/v2/users/*'), path: primary }))],
      shows(secondary, undefined, 404),
    ),
    doing('identities.link.user_id', [sent({ user_id: `auth0|${second}` })]),
    ...changing(our),
  ]
}

/** The first identity in place of the second. */
const firstOf = (unlink: ApiRequest): ApiRequest => ({
  ...unlink,
  path: unlink.path.replace(/identities\/.*$/u, 'identities/oidc/company%7C4711'),
})

/** Of somebody who comes through a provider. */
const changing = (our: Ours): readonly Mutation[] => {
  const { link, primary, given, made } = linking(our)
  const change = our.request(
    'PATCH /api/v2/users/*',
    ({ path, json }) => path === primary && isObject(json) && typeof json['username'] === 'string',
  )
  const moved = {
    ...our.request('PATCH /api/v2/users/*', ({ json }) => isObject(json) && typeof json['email'] === 'string'),
    path: primary,
  }
  const others = { ...given, users: [...(given.users ?? []), our.berta] }
  return [
    mutation('users.update.linked', {
      given: others,
      steps: [made, send(link), send(change)],
      refusal: refusalOf('users.update.linked'),
      wrongs: [
        {
          wrong: 'without the connection',
          steps: [made, send(link), send(withJson(change, { connection: undefined }))],
        },
        {
          wrong: 'a name that another has',
          steps: [made, send(link), send(withJson(change, { username: our.berta['username'] }))],
          refusal: refusalOf('users.update.linked', 1),
        },
      ],
    }),
    mutation('users.update.names-of-provider', {
      given: others,
      steps: [made, send(link), send(change)],
      refusal: refusalOf('users.update.names-of-provider', 1),
      wrongs: [
        {
          wrong: 'names that the provider writes',
          steps: [
            made,
            send(link),
            send(withJson({ ...change, json: {} }, { nickname: 'Anna', picture: 'https://example.org/a.png' })),
          ],
        },
      ],
    }),
    mutation('login.upstream', {
      given: { ...given, users: [our.anna] },
      steps: [send({ ...moved, path: `/api/v2/users/auth0%7C${String(our.anna['user_id'])}` })],
      refusal: refusalOf('login.upstream'),
      wrongs: [
        {
          wrong: 'the address of somebody who comes through a provider',
          steps: [
            { kind: 'upstream login', connection: '{enterprise name}', subject: '4711' },
            send(withJson(moved, { connection: undefined })),
          ],
        },
      ],
    }),
  ]
}
