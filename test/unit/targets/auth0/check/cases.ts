import type { Case } from './case.ts'
import { CONNECTION_CASES } from './connection-cases.ts'
import { ENTRA_CASES } from './entra-cases.ts'
import { configured, counting, naming, provided, SOUND_PEPPER, seeing, set, sound } from './sound-auth0.ts'

const some = { count: 2, samples: ['@ann:example.org', '@bob:example.org'] }

const TENANT_CASES: readonly Case[] = [
  {
    code: 'AUTH0_SCOPES',
    when: 'two scopes are missing',
    judged: seeing({ missingScopes: ['update:users', 'delete:users'] }),
    says: /syn2op-m2m lacks the scopes update:users, delete:users/,
    remedy: /Machine to Machine Applications.*\ntick update:users\ntick delete:users\n/,
    count: 2,
  },
  {
    code: 'AUTH0_PLAN_OTHER',
    when: 'the tenant allows what an Enterprise plan allows',
    judged: seeing({ limits: [{ of: 'users read', limit: 50 }] }),
    says: /plan professional, .*a limit of 50 \(users read\) and not of 40/,
    remedy: /Correct `plan`/,
  },
  {
    code: 'AUTH0_REGISTRATION_ACTIONS',
    when: 'Actions run after somebody was added',
    judged: seeing({ onRegistration: ['welcome', 'tell the shop'] }),
    says: /2 Actions of the tenant may run for everybody who is imported: welcome, tell the shop\./,
    remedy: /Post User Registration.*\n.*app_metadata\.syn2op/,
    count: 2,
  },
  {
    code: 'AUTH0_REGISTRATION_UNSEEN',
    when: 'it may not be seen whether Actions run then',
    judged: seeing({ onRegistration: 'not allowed' }),
    says: /cannot be seen .*read:actions/,
    remedy: /Post User Registration/,
  },
]

const NAME_CASES: readonly Case[] = [
  {
    code: 'AUTH0_USERNAMES_NOT_TAKEN',
    when: 'the connection takes no usernames',
    judged: naming({ notTaken: { ...some, count: 40 } }),
    says: /takes no usernames: everybody is moved without one/,
    remedy: /prepare --apply/,
    count: 40,
  },
  {
    code: 'AUTH0_USERNAME_LENGTH',
    when: 'names are longer than it takes',
    judged: naming({ length: some }),
    says: /2 usernames do not fit into the length that the connection people takes/,
    remedy: /prepare --apply/,
    count: 2,
  },
  {
    code: 'AUTH0_USERNAMES_LEFT',
    when: 'unfit names are left',
    judged: naming({ left: some }),
    says: /2 people are moved without a username/,
    remedy: /unfit: escape/,
    count: 2,
  },
  {
    code: 'AUTH0_USERNAMES_ESCAPED',
    when: 'names are spelled otherwise',
    judged: naming({ escaped: some, spellings: ['a/b → a~2fb'] }),
    says: /2 usernames are spelled otherwise at Auth0, such as a\/b → a~2fb\./,
    remedy: /Tell these 2 people which name to type/,
    count: 2,
  },
  {
    code: 'AUTH0_PHONES_KEPT',
    when: 'people have phone numbers',
    judged: counting({ phonesKept: some }),
    says: /Of 2 people phone numbers are kept in the metadata/,
    remedy: /Add Attribute, Phone Number/,
    count: 2,
  },
  {
    code: 'AUTH0_METADATA_LARGE',
    when: 'people have too much',
    judged: counting({ large: some }),
    says: /2 people have more than the 10 KB/,
    remedy: /syn2op plan/,
    count: 2,
  },
]

const PASSWORD_CASES: readonly Case[] = [
  {
    code: 'AUTH0_PASSWORDS_UNSEEN',
    when: 'passwords are carried',
    judged: { ...sound, passwords: 5 },
    says: /5 passwords are carried as bcrypt hashes: .*spaces, letters outside ASCII or more than 72 bytes/,
    remedy: /password\.space-and-umlaut.*\n.*"Forgot password\?"/,
    count: 5,
  },
]

/** Beside AUTH0_PASSWORDS_UNSEEN. */
export const PEPPER_CASES: readonly Case[] = [
  {
    code: 'AUTH0_PEPPER',
    when: 'nobody allows to tell the pepper',
    judged: { ...configured({ pepper: 'withhold' }), pepper: SOUND_PEPPER, passwords: 5 },
    says: /nobody's password would be accepted/,
    remedy: /pepper: disclose.*\n.*passwords: leave/,
    count: 5,
  },
  {
    code: 'AUTH0_PEPPER_DISCLOSED',
    when: 'the pepper may be told',
    judged: { ...sound, pepper: SOUND_PEPPER, passwords: 5 },
    says: /sent Synapse's pepper, in clear, beside 5 passwords/,
    remedy: /password_config\.pepper/,
    count: 5,
  },
  ...[
    [41, 31],
    [64, 8],
    [80, 0],
  ].map(
    ([bytes = 0, room]): Case => ({
      code: 'AUTH0_PEPPER_LONG',
      when: `the pepper that is told has ${bytes} bytes`,
      judged: { ...sound, pepper: `ä${'p'.repeat(bytes - 2)}`, passwords: 5 },
      says: new RegExp(`may leave ${room} of 72 bytes`, 'u'),
      remedy: /password\.with-a-long-pepper.*\n.*accept:\n.*\n.*\n.*passwords: leave/,
      count: 5,
    }),
  ),
]

const action = configured({
  providers: [{ id: 'corporate', authProvider: 'oidc-corporate', strategy: 'oidc', link: 'action' }],
})

const PROVIDER_CASES: readonly Case[] = [
  {
    code: 'AUTH0_PROVIDER_NOT_NAMED',
    when: 'two providers are not named',
    judged: {
      ...sound,
      providersInUse: [
        { authProvider: 'oidc-github', count: 2 },
        { authProvider: 'saml', count: 9 },
      ],
    },
    says: /no connection for saml \(9 links\), oidc-github \(2 links\): 11 links stay behind/,
    remedy: /identity_providers:\n {2}saml: \{connection/,
    count: 11,
  },
  {
    code: 'AUTH0_PROVIDER_UNKNOWN',
    when: 'its connection is not there',
    judged: seeing({ providers: [] }),
    says: /no connection corporate, to which 3 links lead/,
    remedy: /Correct its name|correct its name/,
    count: 3,
  },
  {
    code: 'AUTH0_PROVIDER_STRATEGY',
    when: 'its connection is of another strategy',
    judged: provided({ strategy: 'okta' }),
    says: /of the strategy okta, and auth0\.yaml says oidc/,
    remedy: /strategy: okta/,
    count: 3,
  },
  {
    code: 'AUTH0_PROVIDER_UNUSED',
    when: 'no application may use its connection',
    judged: provided({ clients: [] }),
    says: /corporate, to which 3 links lead, is enabled for no application/,
    remedy: /Applications/,
    count: 3,
  },
  {
    code: 'AUTH0_PROVIDER_LINKS_LATER',
    when: 'an Action links people',
    judged: action,
    says: /3 identities at corporate are linked when the owner first logs in/,
    remedy: /syn2op auth0 action/,
    count: 3,
  },
  {
    code: 'AUTH0_PROVIDER_LINKS_LATER',
    when: 'the Action is known to run',
    judged: { ...action, seen: { ...action.seen, action: 'runs' } },
    says: /by a post-login Action, which runs\./,
    remedy: /After each migrate .* auth0 action --apply/,
    count: 3,
  },
  ...(['absent', 'not bound', 'other code'] as const).map(
    (standing): Case => ({
      code: 'AUTH0_ACTION_MISSING',
      when: `the Action is ${standing}`,
      judged: { ...action, seen: { ...action.seen, action: standing } },
      says: /^Nobody is linked yet: the post-login Action that links 3 identities at corporate, .*, (?:is not there|is there and does not run at logins|is there in another version, or not deployed)\.$/,
      remedy:
        /syn2op auth0 action --apply --action-client ID --action-secret-file FILE\n.*it can wait.*\n.*\n {2}- code: AUTH0_ACTION_MISSING/,
      count: 3,
    }),
  ),
  {
    code: 'AUTH0_PROVIDER_NO_SCIM',
    when: 'SCIM is not set up',
    judged: provided({ scim: 'none' }),
    says: /3 users .* by inbound SCIM, which is not set up/,
    remedy: /prepare --apply\n.*link: action/,
    count: 3,
  },
  {
    code: 'AUTH0_PROVIDER_NO_SCIM',
    when: 'the tenant has no SCIM',
    judged: provided({ scim: 'refused' }),
    says: /not part of what the tenant has/,
    remedy: /Enterprise Connections/,
    count: 3,
  },
  {
    code: 'AUTH0_PROVIDER_SCIM_SUBJECT',
    when: 'SCIM goes by the user name',
    judged: provided({ scim: { userIdAttribute: 'userName' } }),
    says: /finds people by userName/,
    remedy: /externalId/,
    count: 3,
  },
  ...ENTRA_CASES,
]

export const CASES: readonly Case[] = [
  ...TENANT_CASES,
  ...CONNECTION_CASES,
  ...NAME_CASES,
  ...PASSWORD_CASES,
  ...PROVIDER_CASES,
]

export const HARMLESS_OPTIONS = set({ passwordPolicy: 'good', custom_password_hash: {} })
