import fc from 'fast-check'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { PASSWORD } from '../recorded-requests/scenario.ts'
import { refusalOf, send, shows, withForm } from './changes.ts'
import { type Mutation, type MutationOf, mutation } from './mutation.ts'

const WRONG_AT_MOST = 10

const SPACED = 'pass wörd'
const SPACED_PASSWORD = {
  custom_password_hash: {
    algorithm: 'bcrypt',
    hash: { value: '$2b$04$abcdefghijklmnopqrstuubAecMWGbmQxiv.1AEZk7PUTbAqyEGMO', encoding: 'utf8' },
  },
}

/** A canary who types name and password. */
export const loginMutations = (our: Ours): readonly Mutation[] => {
  const { anna } = our
  const logIn = our.request('POST /oauth/token password-realm', ({ form }) => form?.['password'] === PASSWORD)
  const given = { ...HOME, users: [anna] }
  const typing = (rule: string, wrongs: MutationOf['wrongs'], refusal = refusalOf(rule)): Mutation =>
    mutation(rule, { given, steps: [send(logIn)], refusal, wrongs })
  const typed = (others: Readonly<Record<string, string>>) => ({
    wrong: JSON.stringify(others),
    steps: [send(withForm(logIn, others))] as const,
  })
  const disable = our.request('PATCH /api/v2/connections/*/clients', ({ json }) =>
    JSON.stringify(json).includes('false'),
  )
  const nobody = fc.stringMatching(/^[a-z]{6,20}$/u)
  return [
    typing('login.password', [
      fc
        .string({ minLength: 1 })
        .filter((text) => text !== PASSWORD && !text.includes('{'))
        .map((password) => typed({ password })),
      nobody.map((username) => typed({ username })),
      typed({ username: `auth0|${String(anna['user_id'])}` }),
    ]),
    mutation('login.password.letters', {
      given: HOME,
      steps: [our.importing([{ ...anna, ...SPACED_PASSWORD }]), send(withForm(logIn, { password: SPACED }))],
      refusal: refusalOf('login.password'),
      wrongs: [SPACED.replace(' ', ''), SPACED.replace('ö', 'o'), SPACED.normalize('NFD')].map((password) => ({
        wrong: password,
        steps: [our.importing([{ ...anna, ...SPACED_PASSWORD }]), send(withForm(logIn, { password }))],
      })),
    }),
    typing(
      'login.parameters',
      ['username', 'password', 'realm'].map((name) => typed({ [name]: '' })),
    ),
    typing('login.grant-allowed', [
      {
        wrong: 'the application may not',
        given: { ...given, grantTypes: ['client_credentials'] },
        steps: [send(logIn)],
      },
    ]),
    typing('login.connection-enabled', [
      { wrong: 'it is not', steps: [send(disable), send(logIn)] },
      nobody.map((realm) => ({ ...typed({ realm }), refusal: refusalOf('login.connection-enabled', 1) })),
    ]),
    typing('login.default-directory', [typed({ grant_type: 'password' })]),
    typing('login.blocked', [
      { wrong: 'blocked', given: { ...HOME, users: [{ ...anna, blocked: true }] }, steps: [send(logIn)] },
    ]),
    typing('login.brute-force', [
      {
        wrong: `the right password after ${WRONG_AT_MOST} wrong ones`,
        steps: [{ kind: 'burst', request: withForm(logIn, { password: 'wrong' }), times: WRONG_AT_MOST }, send(logIn)],
      },
    ]),
    typing(
      'login.counted',
      [{ wrong: 'twice, as if once', steps: [send(logIn), send(logIn)] }],
      shows(`/api/v2/users/auth0%7C${String(anna['user_id'])}`, { logins_count: 2 }),
    ),
  ]
}
