import type { Case } from './case.ts'
import { configured, connected, counting, seeing, set, sound } from './sound-auth0.ts'

const some = { count: 2, samples: ['@ann:example.org', '@bob:example.org'] }

const { application: _, ...withoutApplication } = sound.config

/** With these attributes everything else is as it should be. */
const flexible = {
  attributes: {
    email: { profile_required: false },
    username: { profile_required: false, validation: { min_length: 1, max_length: 128 } },
  },
}

export const CONNECTION_CASES: readonly Case[] = [
  {
    code: 'AUTH0_CONNECTION_MISSING',
    when: 'there is none of this name',
    judged: seeing({ connection: 'missing' }),
    says: /no connection people\.$/,
    remedy: /syn2op auth0 prepare/,
  },
  {
    code: 'AUTH0_CONNECTION_NO_DATABASE',
    when: 'it is an enterprise connection',
    judged: connected({ strategy: 'samlp' }),
    says: /of the strategy samlp/,
    remedy: /Authentication, Database/,
  },
  {
    code: 'AUTH0_CONNECTION_ELSEWHERE',
    when: 'it is a custom database',
    judged: set({ enabledDatabaseCustomization: true, import_mode: false }),
    says: /custom database, whose people Auth0 does not keep/,
    remedy: /another connection/,
  },
  {
    code: 'AUTH0_CONNECTION_IMPORT_MODE',
    when: 'it imports people as they log in',
    judged: set({ enabledDatabaseCustomization: true, import_mode: true }),
    says: /imports people from a database of its own/,
    remedy: /"Import Users to Auth0" off/,
  },
  {
    code: 'AUTH0_CONNECTION_UNUSED',
    when: 'no application may use it',
    judged: connected({ clients: [] }),
    says: /enabled for no application/,
    remedy: /^syn2op auth0 prepare --apply/,
  },
  {
    code: 'AUTH0_CONNECTION_UNUSED',
    when: 'no application may use it and auth0.yaml names none',
    judged: { ...connected({ clients: [] }), config: withoutApplication },
    says: /enabled for no application/,
    remedy: /Name the application .*prepare --apply/,
  },
  {
    code: 'AUTH0_APPLICATION_NOT_ENABLED',
    when: 'another application may use it',
    judged: connected({ clients: ['another'] }),
    says: /not enabled for the application element/,
    remedy: /prepare --apply/,
  },
  {
    code: 'AUTH0_SIGNUP_OPEN',
    when: 'anybody may sign up',
    judged: set({ disable_signup: false }),
    says: /Anybody can sign up/,
    remedy: /"Disable Sign Ups"/,
  },
  {
    code: 'AUTH0_SIGNUP_OPEN',
    when: 'it does not say who may sign up',
    judged: set({ disable_signup: undefined }),
    says: /Anybody can sign up/,
    remedy: /"Disable Sign Ups"/,
  },
  {
    code: 'AUTH0_GUESSING',
    when: 'nobody is slowed down',
    judged: set({ brute_force_protection: false }),
    says: /does not slow down who guesses/,
    remedy: /brute-force protection/,
  },
  {
    code: 'AUTH0_FLEXIBLE',
    when: 'it has attributes',
    judged: set(flexible),
    says: /flexible identifiers, .*Universal Login only/,
    remedy: /Phone Provider/,
  },
  {
    code: 'AUTH0_HAS_PEOPLE',
    when: 'there are users already',
    judged: seeing({ people: { all: 1200, ours: 0 } }),
    says: /1,200 users, none of them written by syn2op/,
    remedy: /syn2op plan/,
    count: 1200,
  },
  {
    code: 'AUTH0_HAS_PEOPLE',
    when: 'all users are ours',
    judged: seeing({ people: { all: 7, ours: 7 } }),
    says: /7 users, all of them written by syn2op/,
    remedy: /syn2op plan/,
    count: 7,
  },
  {
    code: 'AUTH0_HAS_PEOPLE',
    when: 'some of the users are ours',
    judged: seeing({ people: { all: 1200, ours: 1100 } }),
    says: /1,200 users, 1,100 of them written by syn2op from this homeserver/,
    remedy: /syn2op plan/,
    count: 1200,
  },
  {
    code: 'AUTH0_EMAIL_REQUIRED',
    when: 'people have no address and the connection wants one',
    judged: counting({ withoutEmail: some }),
    says: /2 people have no e-mail address, .*people requires one/,
    remedy: /prepare --without-email --apply\n.*flexible identifiers, of which Auth0 warns.*\n.*without: refuse/,
    count: 2,
  },
  {
    code: 'AUTH0_EMAIL_REQUIRED',
    when: 'who has no address is deactivated',
    judged: counting({ withoutEmail: some, closedWithoutEmail: 2 }),
    says: /2 people have no e-mail address \(2 of them deactivated: Synapse has removed theirs\)/,
    remedy: /deactivated: hold_back.* in the mapping/,
    count: 2,
  },
  {
    code: 'AUTH0_WITHOUT_EMAIL',
    when: 'people have no address and are not to be moved',
    judged: counting({ withoutEmail: some }, configured({ email: { without: 'refuse' } })),
    says: /2 people have no e-mail address and are not moved/,
    remedy: /without: allow/,
    count: 2,
  },
]

/** Beside AUTH0_FLEXIBLE, which is said of each of these connections. */
export const FLEXIBLE_CASES: readonly Case[] = [
  {
    code: 'AUTH0_EMAIL_REQUIRED',
    when: 'one person has no address and the attribute is required',
    judged: counting(
      { withoutEmail: { count: 1, samples: ['@ann:example.org'] } },
      set({ attributes: { ...flexible.attributes, email: { profile_required: true } } }),
    ),
    says: /1 person has no e-mail address/,
    remedy: /^syn2op auth0 prepare --without-email --apply\nOr do not move/,
    count: 1,
  },
  {
    code: 'AUTH0_PHONE_REQUIRED',
    when: 'people have no phone number and the attribute is required',
    judged: set({ attributes: { ...flexible.attributes, phone_number: {} } }),
    says: /40 people have no phone number/,
    remedy: /prepare --without-phone --apply/,
    count: 40,
  },
  {
    code: 'AUTH0_NO_IDENTIFIER',
    when: 'people have nothing to log in with',
    judged: counting({ nameless: some }, set(flexible)),
    says: /2 people have nothing that the connection people knows people by/,
    remedy: /take usernames/,
    count: 2,
  },
]
