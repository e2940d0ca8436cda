import { readField } from '../../prepare/json-field.ts'
import type { Wiring } from './applications.ts'
import { clientStep, scopeByHand } from './client-step.ts'
import { DEFAULT_PROFILE } from './default-profile.ts'
import { eventsOff } from './events-step.ts'
import { type ProvidersWish, providerSteps } from './identity-provider-steps.ts'
import { PROFILE_STEP, type ProfileWish, profileStep } from './profile-step.ts'
import type { RealmState } from './read-realm-state.ts'
import { newRealm, realmStep } from './realm-step.ts'
import { STATISTICS_STATEMENT, type Statistics } from './statistics.ts'
import { statisticsStep } from './statistics-step.ts'
import type { PrepareStep, StepByHand } from './step.ts'

export interface PlanWish {
  /** By which applications and browsers know the realm. */
  readonly issuer: string
  readonly realm: string
  /** What to do where the realm does not exist. */
  readonly realmMissing: 'create' | 'tell'
  readonly profile: ProfileWish
  readonly providers: ProvidersWish
  readonly wirings: readonly Wiring[]
  readonly events: 'keep' | 'off'
}

export interface PreparePlan {
  /** In the order in which they are done. */
  readonly steps: readonly PrepareStep[]
  readonly byHand: readonly StepByHand[]
  /** Client secrets that go along with a step, by its id. */
  readonly secrets: ReadonlyMap<string, string>
}

/**
 * What is missing at Keycloak, of nothing but what it has and what is wished for. A realm that does not exist yet is taken to
 * become as Keycloak makes it.
 * @param statistics of Keycloak's own database; absent: nobody may look at it
 */
export const planPrepare = (state: RealmState, wish: PlanWish, statistics?: Statistics): PreparePlan => {
  const { realm } = state
  const isNew = realm === undefined
  if (isNew && wish.realmMissing === 'tell') return { steps: [], byHand: [realmByHand(wish)], secrets: new Map() }
  const profile = isNew ? DEFAULT_PROFILE : state.profile
  const aliases = isNew ? [] : state.identityProviders
  const clients = isNew ? new Map<string, never>() : state.clients
  const providers = aliases === undefined ? undefined : providerSteps(aliases, wish.providers)
  const steps = [
    isNew ? realmStep(wish.realm) : undefined,
    profile === undefined ? undefined : profileStep(profile, wish.profile),
    ...(providers?.steps ?? []),
    ...wish.wirings.map(({ application }) =>
      clients === undefined ? undefined : clientStep(clients.get(application.clientId), application, wish.issuer),
    ),
    wish.events === 'off' ? eventsOff(realm ?? newRealm(wish.realm)) : undefined,
    statistics === undefined ? undefined : statisticsStep(statistics),
  ]
  return {
    steps: steps.filter((step) => step !== undefined),
    byHand: [
      ...state.notAllowed,
      ...(state.passwordProvider === 'missing' ? [PROVIDER_BY_HAND] : []),
      ...(providers?.byHand ?? []),
      ...(wish.wirings.length > 0 || (providers?.steps.length ?? 0) > 0 ? addressByHand(wish.issuer) : []),
      ...editableNames(state, wish),
      ...wish.wirings.flatMap(cautionByHand),
      ...wish.wirings.flatMap(({ application }) =>
        scopeByHand(clients?.get(application.clientId), application, wish.realm),
      ),
      // Only before a first load: who comes back later has nothing to do.
      ...(statistics === undefined && steps.some((step) => step?.id === PROFILE_STEP) ? [STATISTICS_BY_HAND] : []),
    ],
    secrets: providers?.secrets ?? new Map(),
  }
}

const realmByHand = ({ realm }: PlanWish): StepByHand => ({
  id: 'realm',
  what: `Make the realm ${realm}, or let syn2op make it`,
  why: 'Accounts live in a realm, and this one does not exist.',
  lines: ['syn2op keycloak prepare --create-realm'],
})

const PROVIDER_BY_HAND: StepByHand = {
  id: 'password-provider',
  what: 'Give Keycloak the provider that checks the passwords of Synapse',
  why: 'It is no part of Keycloak, and nothing can add it from outside: it goes into its folder providers/, and Keycloak is restarted. Without it every password of Synapse is wrong.',
  lines: ['syn2op keycloak provider --out providers'],
}

const STATISTICS_BY_HAND: StepByHand = {
  id: 'statistics',
  what: "Have Keycloak's PostgreSQL count its tables while accounts are loaded",
  why: 'Its planner takes growing tables for small, which makes each account take up to four times as long: at about 2,000 accounts, and again at 20,000. Where keycloak.yaml names the database, syn2op does it.',
  lines: [STATISTICS_STATEMENT],
}

/** Callbacks and blocks have it in them: what is right for syn2op on the same machine need not be so for browsers. */
const addressByHand = (issuer: string): readonly StepByHand[] =>
  issuer.startsWith('http:')
    ? [
        {
          id: 'address',
          what: 'Say where browsers reach Keycloak, if that is another address',
          why: `Keycloak calls the realm ${issuer}, without TLS, and the addresses here are made of it. Set its hostname, or say the address in keycloak.yaml:`,
          lines: ['public_url: https://…'],
        },
      ]
    : []

/** Where names can be edited, Keycloak looks at them whenever it looks at an account. */
const editableNames = ({ realm, profile }: RealmState, wish: PlanWish): readonly StepByHand[] => {
  if (realm?.['editUsernameAllowed'] !== true || profile === undefined || wish.profile.usernames === 'relax') return []
  const validators = ['attributes', { name: 'username' }, 'validations', 'username-prohibited-characters'] as const
  if (readField(profile, validators) === undefined) return []
  return [
    {
      id: 'usernames',
      what: 'Decide about usernames that Keycloak would not take from people',
      why: 'Users may edit their names in this realm, so that Keycloak checks them all: who has a / or = in theirs, or fewer than 3 characters, cannot log in ("Account is not fully set up"). Relax what usernames may be, or forbid to edit them:',
      lines: [
        'syn2op keycloak prepare --relax-usernames',
        `kcadm.sh update realms/${wish.realm} -s editUsernameAllowed=false`,
      ],
    },
  ]
}

const cautionByHand = ({ application, caution }: Wiring): readonly StepByHand[] =>
  caution === undefined
    ? []
    : [{ id: `names ${application.id}`, what: `Tell ${application.name} the localparts`, why: caution, lines: [] }]
