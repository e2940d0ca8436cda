import type { KeycloakJudged } from '../../../../../src/targets/keycloak/check/judge-keycloak.ts'
import type { Case } from './case.ts'
import { PROVIDER_CASES } from './provider-cases.ts'
import {
  attribute,
  counting,
  hashing,
  profiled,
  SOUND_PEPPER,
  seeing,
  set,
  sound,
  told,
  toldOf,
} from './sound-keycloak.ts'

const { config } = sound

const version = (text: string): KeycloakJudged =>
  seeing({ servers: [{ ...hashing(toldOf(SOUND_PEPPER)), systemInfo: { version: text } }] })

const required = { roles: ['user'], scopes: [] }

export const SERVER_CASES: readonly Case[] = [
  {
    code: 'KEYCLOAK_TOO_OLD',
    when: 'it is of 26.3',
    judged: version('26.3.5'),
    says: /26\.3\.5.*26\.4 or later/,
    remedy: /Upgrade/,
  },
  { code: 'KEYCLOAK_TOO_OLD', when: 'it is of 9', judged: version('9.0.3'), says: /9\.0\.3/, remedy: /Upgrade/ },
  {
    code: 'KEYCLOAK_NEWER',
    when: 'it is of 26.8',
    judged: version('26.8.0'),
    says: /26\.4 to 26\.7/,
    remedy: /--limit 10/,
  },
  {
    code: 'KEYCLOAK_NEWER',
    when: 'it is of 27',
    judged: version('27.0.0-SNAPSHOT'),
    says: /27\.0\.0/,
    remedy: /verify/,
  },
  {
    code: 'KEYCLOAK_VERSION_UNKNOWN',
    when: 'its server information has no version',
    judged: seeing({ servers: [{ providers: hashing(toldOf(SOUND_PEPPER)).providers }] }),
    says: /does not say its version/,
    remedy: /keycloak provider/,
  },
  {
    code: 'KEYCLOAK_ROLES_MISSING',
    when: 'two roles are missing',
    judged: seeing({ missingRoles: ['manage-users', 'view-identity-providers'] }),
    says: /syn2op lacks the roles manage-users, view-identity-providers/,
    remedy: /kcadm\.sh add-roles .*manage-users\n.*view-identity-providers/,
    count: 2,
  },
  {
    code: 'KEYCLOAK_PLAIN_HTTP',
    when: 'it is asked over a network without TLS',
    judged: { ...sound, config: { ...config, url: 'http://keycloak.internal:8080/auth' } },
    says: /http:\/\/keycloak\.internal/,
    remedy: /url: https:\/\/keycloak\.internal:8080\/auth /,
  },
  {
    code: 'KEYCLOAK_DATABASE_OTHER',
    when: 'keycloak.yaml names the database of Synapse',
    judged: seeing({ statistics: 'no users' }),
    says: /has no table `user_entity`/,
    remedy: /leave the key out/,
  },
  {
    code: 'KEYCLOAK_STATISTICS_OLD',
    when: 'PostgreSQL takes a filled table for an empty one',
    judged: seeing({ statistics: { rows: 4000, estimate: 12 } }),
    says: /4,000 users, and PostgreSQL plans for 12\./,
    remedy: /ANALYZE user_entity/,
    count: 4000,
  },
  {
    code: 'KEYCLOAK_CANARY_CLIENTS',
    when: 'a trial was killed',
    judged: seeing({ canaryClients: ['syn2op-canary-1-a'] }),
    says: /1 client of ended password trials is left/,
    remedy: /Delete/,
    count: 1,
  },
]

const ofOtherPepper = (pepper: string, says: RegExp): Case => ({
  code: 'KEYCLOAK_PEPPER',
  when: `Keycloak's is ${JSON.stringify(pepper.replace(SOUND_PEPPER, 'the same, changed'))}`,
  judged: told(toldOf(pepper)),
  says,
  remedy: /spi-password-hashing--synapse-bcrypt--pepper/,
  count: 5,
})

export const PASSWORD_CASES: readonly Case[] = [
  {
    code: 'KEYCLOAK_PROVIDER_MISSING',
    when: 'there is no provider',
    judged: told(undefined),
    says: /nobody's password/,
    remedy: /syn2op keycloak provider --out .*\n.*kc\.sh build.*restart/,
    count: 5,
  },
  {
    code: 'KEYCLOAK_PROVIDER_VERSION',
    when: 'its provider is of another version',
    judged: told({ ...toldOf(SOUND_PEPPER), version: '0.9.0' }),
    says: /version 0\.9\.0.*1\.2\.0 comes/,
    remedy: /syn2op keycloak provider/,
  },
  {
    code: 'KEYCLOAK_PROVIDER_BROKEN',
    when: 'its provider has failed its own test',
    judged: told({ ...toldOf(SOUND_PEPPER), selfTest: 'failed' }),
    says: /could not check a known hash/,
    remedy: /fips/,
    count: 5,
  },
  ofOtherPepper('', /Synapse has a pepper, but Keycloak.s provider has none/),
  ofOtherPepper('another one of the same length', /differ\.$/),
  ofOtherPepper(`${SOUND_PEPPER}\n`, /a line break after it/),
  ofOtherPepper(`"${SOUND_PEPPER}"`, /in quotation marks/),
  ofOtherPepper(`${SOUND_PEPPER} `, /a space after it/),
  {
    ...ofOtherPepper('T\uFFFD\uFFFDne and more of it', /lost its letters outside ASCII/),
    remedy: /LC_ALL=C/,
  },
  {
    ...ofOtherPepper(SOUND_PEPPER, /Synapse has no pepper, but Keycloak.s provider has one/),
    when: 'only Keycloak has one',
    judged: { ...sound, pepper: undefined },
  },
  {
    ...ofOtherPepper('', /UTF-8 was read as Latin-1/),
    when: 'its letters were read in another encoding',
    judged: {
      ...told(toldOf(Buffer.from('Töne und mehr davon', 'utf8').toString('latin1'))),
      pepper: 'Töne und mehr davon',
    },
  },
  {
    code: 'KEYCLOAK_PEPPER_UNPROVED',
    when: 'nothing is proved',
    judged: told({ version: '1.2.0', pepper: 'set' }),
    says: /proves none/,
    remedy: /Replace the provider/,
    count: 5,
  },
  {
    code: 'KEYCLOAK_PEPPER_WEAK',
    when: 'the pepper is short',
    judged: { ...told(toldOf('töne-of-fiftee')), pepper: 'töne-of-fiftee' },
    says: /is short, or made of words.*find it out/,
    remedy: /--accept KEYCLOAK_PEPPER_WEAK/,
  },
  {
    code: 'KEYCLOAK_PEPPER_WEAK',
    when: 'the pepper is that of Synapse’s sample, of 16 bytes',
    judged: { ...told(toldOf('EVEN_MORE_SECRET')), pepper: 'EVEN_MORE_SECRET' },
    says: /samples that everybody can read/,
    remedy: /realm-management/,
  },
  {
    code: 'KEYCLOAK_PEPPER_WEAK',
    when: 'the pepper is a sentence',
    judged: { ...told(toldOf('mary had a little lamb')), pepper: 'mary had a little lamb' },
    says: /made of words/,
    remedy: /--accept/,
  },
]

export const REALM_CASES: readonly Case[] = [
  {
    code: 'KEYCLOAK_REALM_DISABLED',
    when: 'the realm is',
    judged: set({ enabled: false }),
    says: /people is disabled/,
    remedy: /Enabled/,
  },
  {
    code: 'KEYCLOAK_REGISTRATION_OPEN',
    when: 'anybody may register',
    judged: set({ registrationAllowed: true }),
    says: /register/,
    remedy: /off/,
  },
  {
    code: 'KEYCLOAK_EMAIL_AS_USERNAME',
    when: 'addresses are usernames',
    judged: set({ registrationEmailAsUsername: true }),
    says: /e-mail address for the username/,
    remedy: /"Email as username" off/,
  },
  {
    code: 'KEYCLOAK_EMAIL_LOGIN_OFF',
    when: 'addresses do not log in',
    judged: set({ loginWithEmailAllowed: false }),
    says: /e-mail address/,
    remedy: /Login with email/,
  },
  {
    code: 'KEYCLOAK_BRUTE_FORCE_OFF',
    when: 'nobody counts wrong passwords',
    judged: set({ bruteForceProtected: false }),
    says: /guesses/,
    remedy: /Lockout temporarily/,
  },
  {
    code: 'KEYCLOAK_LOCKS_OUT',
    when: 'wrong passwords close for good',
    judged: set({ permanentLockout: true, failureFactor: 3 }),
    says: /After 3 wrong passwords/,
    remedy: /--accept/,
  },
  {
    code: 'KEYCLOAK_PASSWORDS_EXPIRE',
    when: 'passwords expire',
    judged: set({ passwordPolicy: 'forceExpiredPasswordChange(365)' }),
    says: /after 365 days/,
    remedy: /Nothing/,
    count: 5,
  },
  {
    code: 'KEYCLOAK_POLICY_HASH',
    when: 'the policy names the provider',
    judged: set({ passwordPolicy: 'hashAlgorithm(synapse-bcrypt) and passwordHistory(3)' }),
    says: /hashAlgorithm/,
    remedy: /argon2/,
  },
  {
    code: 'KEYCLOAK_POLICY_NOT_MET',
    when: 'the policy asks for length',
    judged: set({ passwordPolicy: 'length(12) and notUsername(undefined)' }),
    says: /\(length, notUsername\)/,
    remedy: /UPDATE_PASSWORD/,
  },
  {
    code: 'KEYCLOAK_EVENTS',
    when: 'events are kept',
    judged: set({ eventsEnabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: true }),
    says: /user events and admin events, with names/,
    remedy: /--events off/,
  },
  {
    code: 'KEYCLOAK_TOKENS_SHORT',
    when: 'tokens end at once',
    judged: set({ accessTokenLifespan: 4 }),
    says: /4 seconds/,
    remedy: /Access token lifespan/,
    count: 4,
  },
]

export const PEOPLE_CASES: readonly Case[] = [
  {
    code: 'KEYCLOAK_HAS_PEOPLE',
    when: 'somebody is there',
    judged: seeing({ users: { all: 1200, ours: 3 } }),
    says: /1,200 users, 3 of them/,
    remedy: /syn2op plan/,
    count: 1200,
  },
  {
    code: 'KEYCLOAK_ROLE_UNKNOWN',
    when: 'a role and a group are missing',
    judged: seeing({ missingRealmRoles: ['member'], missingGroups: ['/staff/matrix'] }),
    says: /the role member, the group \/staff\/matrix/,
    remedy: /create member/,
    count: 2,
  },
  {
    code: 'KEYCLOAK_ACTIONS_UNKNOWN',
    when: 'an action is switched off',
    judged: { ...sound, config: { ...config, requiredActions: ['TERMS_AND_CONDITIONS', 'UPDATE_PASSWORD'] } },
    says: /action TERMS_AND_CONDITIONS\.$/,
    remedy: /VERIFY_PROFILE, UPDATE_PASSWORD/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_ACTIONS_MISSED',
    when: 'whoever registers has to set up a second factor',
    judged: {
      ...seeing({
        requiredActions: [
          { alias: 'UPDATE_PASSWORD', enabled: true, defaultAction: true },
          { alias: 'CONFIGURE_TOTP', enabled: true, defaultAction: true },
        ],
      }),
      config: { ...config, requiredActions: ['UPDATE_PASSWORD'] },
    },
    says: /has to do CONFIGURE_TOTP;/,
    remedy: /required_actions: \[UPDATE_PASSWORD, CONFIGURE_TOTP\]/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_FEDERATED',
    when: 'people come from LDAP too',
    judged: seeing({ federations: ['corporate'] }),
    says: /corporate/,
    remedy: /Sync all users/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_USERNAMES_REFUSED',
    when: 'usernames can be edited, and are refused',
    judged: counting(set({ editUsernameAllowed: true }), {
      refused: new Map([['username', { count: 1200, samples: ['@a:b'] }]]),
    }),
    says: /refuses 1,200 usernames/,
    remedy: /--relax-usernames/,
    count: 1200,
  },
  {
    code: 'KEYCLOAK_USERNAME_IS_EMAIL',
    when: 'a name is an address',
    judged: counting(sound, { addresses: { count: 1, samples: ['@a@b:c'] } }),
    says: /^1 username is .*somebody else/,
    remedy: /Login with email/,
    count: 1,
  },
]

export const PROFILE_CASES: readonly Case[] = [
  {
    code: 'KEYCLOAK_PROFILE_REQUIRES',
    when: 'an address is required',
    judged: counting(profiled('email', attribute('email', { required })), {
      lacking: new Map([['email', { count: 2, samples: [] }]]),
    }),
    says: /requires email \(2 accounts that migrate lack it\)\.$/,
    remedy: /keycloak prepare/,
    count: 2,
  },
  {
    code: 'KEYCLOAK_PROFILE_REQUIRES',
    when: 'more is required, and nobody has counted',
    judged: {
      ...profiled('team', attribute('team', { required: { roles: [], scopes: [] } })),
      people: undefined,
    },
    says: /requires team, which people who migrate lack\.$/,
    remedy: /User profile, team/,
  },
  {
    code: 'KEYCLOAK_PROFILE_REQUIRES',
    when: 'administrators must give more',
    judged: counting(profiled('team', attribute('team', { required: { roles: ['admin'], scopes: [] } })), {
      lacking: new Map([['team', { count: 1, samples: [] }]]),
    }),
    says: /team \(1 account/,
    remedy: /prepare/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_VALUES_REFUSED',
    when: 'a phone is too long for it',
    judged: counting(sound, { refused: new Map([['phones', { count: 3, samples: ['@a:b'] }]]) }),
    says: /refuses of phones \(3 accounts\)/,
    remedy: /User profile, phones: take "user" out/,
    count: 3,
  },
  {
    code: 'KEYCLOAK_ATTRIBUTES_UNDECLARED',
    when: 'a mark is not declared',
    judged: profiled('syn2op_run', undefined),
    says: /syn2op_run/,
    remedy: /keycloak prepare/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_ATTRIBUTES_UNDECLARED',
    when: 'the mapping’s is not',
    judged: profiled('displayname', undefined),
    says: /displayname/,
    remedy: /prepare/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_ATTRIBUTES_UNDECLARED',
    when: 'administrators do not see it',
    judged: profiled('emails', attribute('emails', { permissions: { view: ['user'], edit: ['user'] } })),
    says: /emails/,
    remedy: /prepare/,
  },
  {
    code: 'KEYCLOAK_ATTRIBUTES_UNDECLARED',
    when: 'it is declared for nobody, as an attribute without permissions is',
    judged: profiled('syn2op_written', attribute('syn2op_written', { permissions: undefined })),
    says: /syn2op_written/,
    remedy: /prepare/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_ATTRIBUTES_SINGLE',
    when: 'one phone only',
    judged: profiled('phones', attribute('phones', { multivalued: false })),
    says: /one value only of phones/,
    remedy: /prepare/,
    count: 1,
  },
  {
    code: 'KEYCLOAK_MARKS_EDITABLE',
    when: 'people may edit a mark',
    judged: profiled(
      'syn2op_server',
      attribute('syn2op_server', { permissions: { view: ['admin', 'user'], edit: ['admin', 'user'] } }),
    ),
    says: /syn2op_server/,
    remedy: /prepare/,
    count: 1,
  },
]

export const CASES = [
  ...SERVER_CASES,
  ...PASSWORD_CASES,
  ...REALM_CASES,
  ...PROVIDER_CASES,
  ...PEOPLE_CASES,
  ...PROFILE_CASES,
]
