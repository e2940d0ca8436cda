import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { account, externalId, threepid } from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

const address = (kind: string, means: string, text: string, pattern: string): DemoSpeciality => ({
  kind,
  means,
  table: 'user_threepids',
  rows: ({ at }) => ({ users: [account(at(kind))], user_threepids: [threepid(at(kind), text)] }),
  where: () => sql`t.medium = 'email' and t.address ~ ${pattern}`,
})

const THREEPIDS: readonly DemoSpeciality[] = [
  {
    kind: 'email-case-twins',
    means: 'two people whose e-mails differ in case only: neither can log in or recover by e-mail',
    table: 'user_threepids',
    rows: ({ at }) => ({
      users: [account(at('mail-twin-1')), account(at('mail-twin-2'))],
      user_threepids: [
        threepid(at('mail-twin-1'), 'Twin@mail.example'),
        threepid(at('mail-twin-2'), 'twin@mail.example'),
      ],
    }),
    where: () => sql`t.medium = 'email' and exists (select from user_threepids as o
      where o.medium = 'email' and lower(o.address) = lower(t.address) and o.user_id <> t.user_id)`,
  },
  address('email-with-space', 'a space after the address, from before 1.17', 'space@mail.example ', '[[:space:]]$'),
  address('email-without-at', 'an address without @', 'no-address', '^[^@]*$'),
  address('email-empty', 'an empty address', '', '^$'),
  address('email-not-ascii', 'letters outside ASCII in the address', 'jörg@bücher.example', '[^[:ascii:]]'),
  {
    kind: 'medium-unknown',
    means: 'a medium that is neither e-mail nor phone',
    table: 'user_threepids',
    rows: ({ at }) => ({
      users: [account(at('medium-unknown'))],
      user_threepids: [threepid(at('medium-unknown'), 'somebody', { medium: 'im.example.carrier-pigeon' })],
    }),
    where: () => sql`t.medium not in ('email', 'msisdn', 'email_old')`,
  },
  {
    kind: 'msisdn-with-plus',
    means: 'the same phone with and without +: Synapse does not normalise it',
    table: 'user_threepids',
    rows: ({ at }) => ({
      users: [account(at('phone-1')), account(at('phone-2'))],
      user_threepids: [
        threepid(at('phone-1'), '+447900000001', { medium: 'msisdn' }),
        threepid(at('phone-2'), '447900000001', { medium: 'msisdn' }),
      ],
    }),
    where: () => sql`t.medium = 'msisdn' and t.address like '+%'`,
  },
]

const identity = (
  kind: string,
  means: string,
  authProvider: string,
  subject: string,
  where: DemoSpeciality['where'],
): DemoSpeciality => ({
  kind,
  means,
  table: 'user_external_ids',
  rows: ({ at }) => ({ users: [account(at(kind))], user_external_ids: [externalId(at(kind), authProvider, subject)] }),
  where,
})

const unknownProvider = (kind: string, means: string, authProvider: string, subject = 'somebody'): DemoSpeciality =>
  identity(kind, means, authProvider, subject, () => sql`t.auth_provider = ${authProvider}`)

/** Text that no compression makes shorter, as long as the unique key over provider and subject can take. */
const incompressible = (length: number): string => {
  let text = ''
  for (let part = 0; text.length < length; part++)
    text += createHash('sha512').update(`demo ${part}`).digest('base64url')
  return text.slice(0, length)
}

const EXTERNAL_IDS: readonly DemoSpeciality[] = [
  unknownProvider('provider-empty', 'an identity with an empty provider', ''),
  unknownProvider(
    'provider-case-variant',
    'the provider in another case, typed into the admin API, with the subject that alice has there',
    'Oidc-Keycloak',
    'b4a2b8f0-6a39-4c7f-9d43-0f3f7b1d5a01',
  ),
  unknownProvider('provider-without-prefix', 'the provider without its prefix, typed into the admin API', 'keycloak'),
  unknownProvider(
    'provider-oauth-delegated',
    'left by an earlier attempt with MAS',
    'oauth-delegated',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  ),
  unknownProvider('provider-saml', 'an identity of a SAML login, which MAS has not', 'saml'),
  unknownProvider('provider-cas', 'an identity of a CAS login, which MAS has not', 'cas'),
  unknownProvider('provider-gone', 'a provider that nobody configures any more', 'oidc-of-the-past'),
  identity('subject-empty', 'an empty subject', 'oidc-keycloak', '', () => sql`t.external_id = ''`),
  identity(
    'subject-500',
    'a subject of 500 characters',
    'oidc-keycloak',
    'subject '.repeat(63).slice(0, 500),
    () => sql`length(t.external_id) = 500`,
  ),
  identity(
    'subject-10000',
    'a subject of 10,000 characters, which fits into the key only because it compresses',
    'oidc-keycloak',
    'subject '.repeat(1250),
    () => sql`length(t.external_id) = 10000`,
  ),
  identity(
    'subject-incompressible',
    'a subject as long as the unique key can hold without compression',
    'oidc-keycloak',
    incompressible(2650),
    () => sql`length(t.external_id) = 2650`,
  ),
  {
    kind: 'identities-many',
    means: 'a person with a dozen identities, all at one provider',
    table: 'user_external_ids',
    rows: ({ at }) => ({
      users: [account(at('identities-many'), { password_hash: null })],
      user_external_ids: Array.from({ length: 12 }, (_, n) =>
        externalId(at('identities-many'), 'oidc-github', `many-${n}`),
      ),
    }),
    where: () => sql`(select count(*) from user_external_ids as o
      where o.user_id = t.user_id and o.auth_provider = t.auth_provider) > 5`,
  },
]

export const IDENTITY_DAMAGE: readonly DemoSpeciality[] = [...THREEPIDS, ...EXTERNAL_IDS]
