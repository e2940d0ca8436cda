import fc from 'fast-check'
import type { Account } from '../../../../../src/accounts/account.ts'
import { questionsAbout, type UserSeen } from '../../../../../src/targets/keycloak/accounts/ownership.ts'
import { type PlannedUser, planUser } from '../../../../../src/targets/keycloak/accounts/plan-user.ts'
import type { Writer } from '../../../../../src/targets/keycloak/accounts/user-import.ts'
import type { UserRules } from '../../../../../src/targets/keycloak/accounts/user-rules.ts'
import { type WantedUser, wantedUser } from '../../../../../src/targets/keycloak/accounts/wanted-user.ts'
import { apply, type ModelPassword, type ModelUser, type RealmModel, see, withoutPassword } from './realm-model.ts'

export const NAMES = { emails: 'emails', phones: 'phones' }

export const RULES: UserRules = {
  realm: 'people',
  roles: ['matrix'],
  groups: ['/staff'],
  admins: { roles: ['admin'], groups: ['/admins'] },
  requiredActions: ['UPDATE_PROFILE'],
  attributes: NAMES,
}

export const MXID = '@anna:example.org'

export const writer = (runId: string): Writer => ({
  serverName: 'example.org',
  runId,
  passwordDate: 1_000_000 + Number(runId.replaceAll(/\D/gu, '')),
  attributes: NAMES,
})

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
  ],
  primaryEmail: 'anna@example.org',
  attributes: { displayname: 'Anna' },
  identities: [{ authProvider: 'oidc-google', providerId: 'google', subject: 'g1' }],
  sessions: [],
  accessTokens: [],
  refreshTokens: [],
  ...with_,
})

/** One batch of one account, by a run. */
export const migrate = (
  realm: RealmModel,
  account: Account,
  {
    runId = 'run-1',
    depth = 'thorough',
    killedAfter,
  }: { readonly runId?: string; readonly depth?: 'quick' | 'thorough'; readonly killedAfter?: number } = {},
): PlannedUser => {
  const planned = plan(realm, account, { runId, depth })
  apply(realm, planned.requests, writer(runId), killedAfter)
  return planned
}

export const plan = (
  realm: RealmModel,
  account: Account,
  { runId = 'run-1', depth = 'thorough' }: { readonly runId?: string; readonly depth?: 'quick' | 'thorough' } = {},
): PlannedUser => {
  const wanted = wantedUser(account, RULES)
  return planUser(wanted, look(realm, wanted, depth), writer(runId))
}

/** The same by all that can be seen of the user. */
export const planByAll = (realm: RealmModel, account: Account, { runId }: { readonly runId: string }): PlannedUser =>
  planUser(wantedUser(account, RULES), see(realm, 'alone'), writer(runId))

/** What is seen of a user by asking no more than has to be known. */
const look = (realm: RealmModel, wanted: WantedUser, depth: 'quick' | 'thorough'): UserSeen => {
  const { present } = see(realm, 'in a list')
  const all = see(realm, 'alone')
  if (present === undefined) return {}
  const questions = questionsAbout(wanted, present, { mxid: wanted.mxid, depth })
  if (questions.kind === 'all') return all
  const { password, otherCredentials = [], present: { links = [] } = {} } = all
  const areAllThere = questions.links.every((link) =>
    links.some(({ alias, subject }) => alias === link.alias && subject === link.subject),
  )
  if (!areAllThere) return all
  if (questions.password === 'not asked') return { present }
  return password === undefined ? all : { present, password, otherCredentials }
}

const MARKS = new Set(['syn2op_server', 'syn2op_run', 'syn2op_written'])

/** What of a user the source decides, without what is given once and without what runs write of themselves. */
export const holdings = ({ user }: RealmModel): unknown => {
  if (user === undefined) return undefined
  const { id, username, email, firstName, lastName, enabled, attributes, links, password } = user
  return {
    id,
    username,
    email,
    firstName,
    lastName,
    enabled,
    attributes: Object.entries(attributes)
      .filter(([name]) => !MARKS.has(name))
      .map(([name, values]) => [name, values.toSorted()])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    links: links.toSorted((a, b) => (a.alias < b.alias ? -1 : 1)),
    password: password?.hash,
  }
}

const ADDRESSES = ['a@x.org', 'b@x.org', 'c@x.org', 'C@x.org', 'no..mail@x.org', `${'l'.repeat(65)}@x.org`]
const PHONES = ['491701', '491702', '+491701']

const threepids = fc
  .tuple(fc.subarray(ADDRESSES), fc.subarray(PHONES), fc.boolean())
  .map(([emails, phones, other]) => [
    ...emails.map((address, addedAt) => ({ medium: 'email', address, addedAt })),
    ...phones.map((address, addedAt) => ({ medium: 'msisdn', address, addedAt })),
    ...(other ? [{ medium: 'pigeon', address: 'coop 7', addedAt: 0 }] : []),
  ])

const identity = fc
  .tuple(fc.constantFrom('google', 'github'), fc.constantFrom('s1', 's2', 's3', 's'.repeat(256)))
  .map(([providerId, subject]) => ({ authProvider: `oidc-${providerId}`, providerId, subject }))

const attributes = fc.dictionary(
  fc.constantFrom('colour', 'displayname', 'firstName', 'lastName', 'emails', 'syn2op_run'),
  fc.constantFrom('Anna', 'Fox (they/them)', ' ', 'x\0y', '\uD83D', '😀'.repeat(1500)),
)

/** Of few values, so that two of them often have something in common. */
export const account: fc.Arbitrary<Account> = fc
  .record({
    username: fc.constantFrom('anna', 'Anna', 'anna2', 'İda', 'x/y=z'),
    isAdmin: fc.boolean(),
    isLocked: fc.boolean(),
    isDeactivated: fc.boolean(),
    password: fc.constantFrom(undefined, hashOf('a'), hashOf('b')),
    threepids,
    primary: fc.nat({ max: 5 }),
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

/** What somebody does at Keycloak, and what then must stay as it is, whatever the source says. */
export interface Deed {
  readonly what: string
  readonly relation: 'account' | 'password' | 'threepid' | 'external_id'
  do(user: ModelUser): ModelUser
  stays(user: ModelUser): unknown
  /** What was taken away stays away as long as the source has it; what comes to the source after that is another one. */
  untilSourceHasNone?(account: Account): boolean
}

/** What somebody does who uses the account or was given more with it: a thing that would go with the user. */
export const USES: readonly { readonly what: string; do(user: ModelUser): ModelUser }[] = [
  {
    what: 'logs in',
    do: (user) => ({
      ...user,
      ...(user.password === undefined ? {} : { password: { ...user.password, algorithm: 'argon2' } }),
    }),
  },
  { what: 'logs in without a password', do: (user) => ({ ...user, inUse: true }) },
  { what: 'adds a second factor', do: (user) => ({ ...user, otherCredentials: ['otp'] }) },
  { what: 'gives a first name', do: (user) => ({ ...user, firstName: 'Anna' }) },
  { what: 'gives a last name', do: (user) => ({ ...user, lastName: 'Field' }) },
  {
    what: 'gives another attribute',
    do: (user) => ({ ...user, attributes: { ...user.attributes, locale: ['fi'] } }),
  },
  { what: 'is put into a group', do: (user) => ({ ...user, groups: [...user.groups, '/board'] }) },
  { what: 'is given a role', do: (user) => ({ ...user, roles: [...user.roles, 'auditor'] }) },
]

/** Things to do to whatever addresses are there. */
export const ADDRESS_DEEDS: readonly ((user: ModelUser) => ModelUser)[] = [
  (user) => {
    const { email: _, ...rest } = user
    return rest
  },
  (user) => withEmails(user, []),
  (user) => withEmails(user, ['a@x.org', ...emailsOf(user)]),
  ({ email, ...user }) => withEmails(user, [...emailsOf(user), ...(email === undefined ? [] : [email])]),
  (user) => {
    const [first, ...others] = emailsOf(user)
    return first === undefined ? user : withEmails({ ...user, email: first.toLowerCase() }, others)
  },
]

export const emailsOf = ({ attributes: { emails } }: Pick<ModelUser, 'attributes'>): readonly string[] => emails ?? []

const withEmails = (user: ModelUser, emails: readonly string[]): ModelUser => ({
  ...user,
  attributes: { ...user.attributes, emails: [...new Set(emails)] },
})

export const ANOTHER_PASSWORD: ModelPassword = {
  id: 'credential',
  createdDate: 77,
  hash: 'another',
  algorithm: 'argon2',
}

export const DEEDS: readonly Deed[] = [
  {
    what: 'changes the password',
    relation: 'password',
    do: (user) => ({ ...user, password: ANOTHER_PASSWORD }),
    stays: ({ password }) => password,
  },
  {
    what: 'removes the password',
    relation: 'password',
    do: withoutPassword,
    stays: ({ password }) => password,
    untilSourceHasNone: ({ passwordHash, isDeactivated }) => passwordHash === undefined || isDeactivated,
  },
  {
    what: 'changes the e-mail',
    relation: 'threepid',
    do: (user) => ({ ...user, email: 'mine@home.org', emailVerified: false }),
    stays: ({ email, emailVerified }) => [email, emailVerified],
  },
  {
    what: 'links another identity',
    relation: 'external_id',
    do: (user) => ({ ...user, links: [{ alias: 'google', subject: 'mine' }] }),
    stays: ({ links }) => links.filter(({ alias }) => alias === 'google'),
  },
  {
    what: 'changes an attribute',
    relation: 'account',
    do: (user) => ({ ...user, attributes: { ...user.attributes, displayname: ['Mine'] } }),
    stays: ({ username, attributes: { displayname } }) => [username, displayname],
  },
  {
    what: 'closes the login',
    relation: 'account',
    do: (user) => ({ ...user, enabled: false }),
    stays: ({ enabled }) => enabled,
  },
]
