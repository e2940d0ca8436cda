import fc from 'fast-check'
import type { Account } from '../../../../../src/accounts/account.ts'
import { type PlannedUser, planUser } from '../../../../../src/targets/auth0/accounts/plan-user.ts'
import type { ConnectionRules, UserRules, Writer } from '../../../../../src/targets/auth0/accounts/user-rules.ts'
import { wantedUser } from '../../../../../src/targets/auth0/accounts/wanted-user.ts'
import { apply, type ModelUser, see, type TenantModel } from './tenant-model.ts'

export const TAKES: ConnectionRules = {
  takesUsernames: true,
  usernameLength: { min: 1, max: 128 },
  takesUsernamesLike: { emails: false, phones: false },
  takesPhones: true,
  requiresEmail: false,
  requiresUsername: false,
  requiresPhone: false,
}

export const RULES: UserRules = {
  connection: 'people',
  usernames: { unfit: 'escape' },
  email: { without: 'allow' },
  providers: [
    { id: 'google-oauth2', authProvider: 'oidc-google', strategy: 'google-oauth2', link: 'action' },
    { id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' },
    { id: 'old', authProvider: 'oidc-old', strategy: 'oidc', link: 'leave' },
  ],
  takes: TAKES,
}

export const MXID = '@anna:example.org'

export const writer = (runId: string): Writer => ({ serverName: 'example.org', runId })

export const hashOf = (letter: string): string => `$2b$12$${letter.repeat(53)}`

export const anna = (with_: Partial<Account> = {}): Account => ({
  mxid: MXID,
  localpart: 'anna',
  createdAt: 1_500_000_000_000,
  isAdmin: false,
  isGuest: false,
  isLocked: false,
  isDeactivated: false,
  passwordHash: hashOf('a'),
  threepids: [
    { medium: 'email', address: 'anna@example.org', addedAt: 1 },
    { medium: 'email', address: 'other@example.org', addedAt: 2 },
    { medium: 'msisdn', address: '491701234567', addedAt: 3 },
    { medium: 'msisdn', address: '491701234568', addedAt: 4 },
  ],
  primaryEmail: 'anna@example.org',
  attributes: { name: 'Anna', colour: 'green' },
  identities: [{ authProvider: 'oidc-google', providerId: 'google-oauth2', subject: 'g1' }],
  sessions: [],
  accessTokens: [],
  refreshTokens: [],
  ...with_,
})

/** One batch of one account, by a run. */
export const migrate = (
  tenant: TenantModel,
  account: Account,
  { runId = 'run-1', killedAfter }: { readonly runId?: string; readonly killedAfter?: number } = {},
): PlannedUser => {
  const planned = plan(tenant, account, { runId })
  apply(tenant, planned.requests, writer(runId), killedAfter)
  return planned
}

export const plan = (
  tenant: TenantModel,
  account: Account,
  { runId = 'run-1' }: { readonly runId?: string } = {},
): PlannedUser => planUser(wantedUser(account, RULES), see(tenant), writer(runId))

/** What of a user the source decides, without what runs write of themselves and what Auth0 fills by itself. */
export const holdings = ({ user }: TenantModel): unknown => {
  if (user === undefined) return undefined
  const { id, username, email, phoneNumber, blocked, names, appMetadata, identities, hash } = user
  const { syn2op: _, matrix } = appMetadata
  const { given_name, family_name } = names
  return {
    id,
    username,
    email,
    phoneNumber,
    blocked,
    hash,
    given_name,
    family_name,
    matrix: sorted(matrix),
    identities: identities.map(({ userId }) => userId).toSorted(),
  }
}

const sorted = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? {}), (_, one: unknown) =>
    Array.isArray(one)
      ? one.toSorted()
      : typeof one === 'object' && one !== null
        ? Object.fromEntries(Object.entries(one).toSorted())
        : one,
  )

const ADDRESSES = ['a@x.org', 'b@x.org', 'c@x.org', 'C@x.org', 'no..mail@x.org', 'é@x.org', `${'l'.repeat(65)}@x.org`]
const PHONES = ['491701', '491702', '+491701', '0']

const threepids = fc
  .tuple(fc.subarray(ADDRESSES), fc.subarray(PHONES), fc.boolean())
  .map(([emails, phones, other]) => [
    ...emails.map((address, addedAt) => ({ medium: 'email', address, addedAt })),
    ...phones.map((address, addedAt) => ({ medium: 'msisdn', address, addedAt })),
    ...(other ? [{ medium: 'pigeon', address: 'coop 7', addedAt: 0 }] : []),
  ])

const identity = fc
  .tuple(fc.constantFrom('google-oauth2', 'corp', 'old'), fc.constantFrom('s1', 's|2', '', 's\0'))
  .map(([providerId, subject]) => ({ authProvider: `oidc-${providerId}`, providerId, subject }))

const attributes = fc.dictionary(
  fc.constantFrom(
    'colour',
    'shoe.size',
    'price$',
    '__proto__',
    'name',
    'given_name',
    'family_name',
    'nickname',
    'picture',
  ),
  fc.constantFrom('Anna', 'Fox (they/them)', ' ', 'x\0y', '\uD83D', '😀'.repeat(1500), 'https://example.org/a.png'),
)

/** Of few values, so that two of them often have something in common. */
export const account: fc.Arbitrary<Account> = fc
  .record({
    username: fc.constantFrom('anna', 'Anna', 'anna2', 'İda', 'x/y=z', 'anna@x.org', '491701234567'),
    isAdmin: fc.boolean(),
    isLocked: fc.boolean(),
    isDeactivated: fc.boolean(),
    password: fc.constantFrom(undefined, hashOf('a'), hashOf('b')),
    threepids,
    primary: fc.nat({ max: 6 }),
    identities: fc.uniqueArray(identity, { selector: ({ providerId, subject }) => providerId + subject, maxLength: 4 }),
    attributes,
  })
  .map(({ password, primary, ...rest }) => {
    const { passwordHash: _, primaryEmail: __, ...base } = anna()
    const primaryEmail = rest.threepids.filter(({ medium }) => medium === 'email')[primary]?.address
    return {
      ...base,
      ...rest,
      ...(password === undefined ? {} : { passwordHash: password }),
      ...(primaryEmail === undefined ? {} : { primaryEmail }),
    }
  })

/** Whoever was made by SCIM cannot be imported again, so that their password stays as it is. */
export const byImportAlone = account.map((one) => ({
  ...one,
  identities: one.identities.filter(({ providerId }) => providerId !== 'corp'),
}))

/** Of one password. */
export const withPassword = account.map((one) => ({ ...one, isDeactivated: false, passwordHash: hashOf('a') }))

/** What somebody does at Auth0, and what then must stay as it is, whatever the source says. */
export interface Deed {
  readonly what: string
  readonly relation: 'account' | 'password' | 'threepid' | 'external_id'
  do(user: ModelUser): ModelUser
  stays(user: ModelUser): unknown
}

export const DEEDS: readonly Deed[] = [
  {
    what: 'resets the password',
    relation: 'password',
    do: (user) => ({ ...user, hash: 'another', lastPasswordReset: (user.createdAt ?? 0) + 1 }),
    stays: ({ hash }) => hash,
  },
  {
    what: 'changes the e-mail',
    relation: 'threepid',
    do: (user) => ({ ...user, email: 'mine@home.org', emailVerified: false }),
    stays: ({ email, emailVerified }) => [email, emailVerified],
  },
  {
    what: 'changes the phone',
    relation: 'threepid',
    do: (user) => ({ ...user, phoneNumber: '+33123456789' }),
    stays: ({ phoneNumber }) => phoneNumber,
  },
  {
    what: 'changes the username',
    relation: 'account',
    do: (user) => ({ ...user, username: 'mine' }),
    stays: ({ username }) => username,
  },
  {
    what: 'blocks the user',
    relation: 'account',
    do: (user) => ({ ...user, blocked: true }),
    stays: ({ blocked }) => blocked,
  },
]

/** What somebody does who uses the account or was given more with it: a thing that would go with the user. */
export const USES: readonly { readonly what: string; do(user: ModelUser): ModelUser }[] = [
  { what: 'logs in', do: (user) => ({ ...user, loginsCount: 1, lastLogin: 5000, hash: `own of ${user.hash}` }) },
  { what: 'gives a first name', do: (user) => ({ ...user, names: { ...user.names, given_name: 'Anna' } }) },
  { what: 'notes a preference', do: (user) => ({ ...user, userMetadata: { theme: 'dark' } }) },
  {
    what: 'is given a plan by an Action',
    do: (user) => ({ ...user, appMetadata: { ...user.appMetadata, plan: 'gold' } }),
  },
  {
    what: 'links another identity',
    do: (user) => ({
      ...user,
      identities: [...user.identities, { connection: 'github', provider: 'github', userId: '7', isSocial: true }],
    }),
  },
]
