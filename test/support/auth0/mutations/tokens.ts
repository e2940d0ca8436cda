import fc from 'fast-check'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { lackingScope, refusalOf, send, withForm } from './changes.ts'
import { type Mutation, mutation } from './mutation.ts'

/** Who asks the Management API, and where the token comes from. */
export const tokenMutations = (our: Ours): readonly Mutation[] => {
  const read = our.request('GET /api/v2/users/*')
  const ask = our.request('POST /oauth/token client_credentials', ({ form }) => form !== undefined)
  const given = { ...HOME, users: [our.anna] }
  const reading = (rule: string, as: 'nobody' | 'somebody expired' | 'a wrong audience'): Mutation =>
    mutation(rule, {
      given,
      steps: [send(read)],
      refusal: refusalOf(rule),
      wrongs: [{ wrong: as, steps: [send({ ...read, as })] }],
    })
  const asking = (rule: string, wrongs: Parameters<typeof mutation>[1]['wrongs'], which = 0): Mutation =>
    mutation(rule, { steps: [send(ask)], refusal: refusalOf(rule, which), wrongs })
  const changed = (others: Readonly<Record<string, string | undefined>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withForm(ask, others))] as const,
  })
  return [
    mutation('management-token.required', {
      given,
      steps: [send(read)],
      refusal: refusalOf('management-token.required', 1),
      wrongs: [
        { wrong: 'no token', steps: [send({ ...read, as: 'nobody' })] },
        fc.stringMatching(/^[\w-]{20}\.[\w-]{30}\.[\w-]{20}$/u).map((token) => ({
          wrong: `the token ${token}`,
          steps: [send({ ...read, as: 'nobody', headers: { authorization: `Bearer ${token}` } })],
        })),
      ],
    }),
    reading('management-token.fresh', 'somebody expired'),
    reading('management-token.audience', 'a wrong audience'),
    mutation('management-token.scope', {
      given,
      steps: [send(read)],
      refusal: refusalOf('management-token.scope'),
      wrongs: [lackingScope(read, ['read:users'])],
    }),
    mutation('token.lifetime', {
      given,
      steps: [send(ask), send(read)],
      refusal: refusalOf('token.lifetime'),
      wrongs: [{ wrong: 'used when it has expired', steps: [send(ask), send({ ...read, as: 'somebody expired' })] }],
    }),
    asking('token.client', [
      fc.base64String({ minLength: 20 }).map((secret) => changed({ client_secret: secret })),
      fc.stringMatching(/^\w{32}$/u).map((id) => changed({ client_id: id })),
      changed({ client_secret: undefined }),
    ]),
    asking('token.media-type', [
      { wrong: 'nothing', steps: [send({ method: ask.method, path: ask.path, as: 'nobody' })] },
    ]),
    asking('token.grant_type', [changed({ grant_type: undefined })]),
    mutation('token.grant-allowed', {
      given: { grantTypes: ['client_credentials'] },
      steps: [send(ask)],
      refusal: refusalOf('token.grant-allowed'),
      wrongs: [{ wrong: 'the application may not', given: { grantTypes: ['password'] }, steps: [send(ask)] }],
    }),
    asking(
      'token.audience',
      [
        fc.webUrl().map((audience) => changed({ audience })),
        changed({ audience: '{url}/api/v2' }),
        changed({ audience: undefined }),
      ],
      1,
    ),
  ]
}
