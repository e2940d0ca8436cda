import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import type { KeycloakSeen, RealmSettings } from './seen.ts'

/** What the realm's own settings would do to people who are moved into it. */
export const checkSettings = (
  settings: RealmSettings,
  config: Pick<KeycloakConfig, 'realm' | 'client'>,
): readonly Finding[] => [
  ...disabled(settings, config),
  ...registration(settings),
  ...emailAsUsername(settings),
  ...emailLogin(settings),
  ...bruteForce(settings),
  ...events(settings),
  ...tokens(settings, config),
]

const disabled = ({ enabled }: RealmSettings, { realm }: Pick<KeycloakConfig, 'realm'>): readonly Finding[] =>
  enabled
    ? []
    : [
        finding('KEYCLOAK_REALM_DISABLED', {
          message: `The realm ${realm} is disabled.`,
          samples: [realm],
          remedy: ['Realm settings, General: "Enabled", before people come.'],
        }),
      ]

const registration = ({ registrationAllowed }: RealmSettings): readonly Finding[] =>
  registrationAllowed
    ? [
        finding('KEYCLOAK_REGISTRATION_OPEN', {
          message: 'Anybody can register in the realm, under any name that is free.',
          remedy: ['Realm settings, Login: turn "User registration" off, until everybody has been moved.'],
        }),
      ]
    : []

const emailAsUsername = ({ registrationEmailAsUsername }: RealmSettings): readonly Finding[] =>
  registrationEmailAsUsername
    ? [
        finding('KEYCLOAK_EMAIL_AS_USERNAME', {
          message: 'The realm takes the e-mail address for the username.',
          remedy: ['Realm settings, Login: turn "Email as username" off.'],
        }),
      ]
    : []

const emailLogin = ({ loginWithEmailAllowed }: RealmSettings): readonly Finding[] =>
  loginWithEmailAllowed
    ? []
    : [
        finding('KEYCLOAK_EMAIL_LOGIN_OFF', {
          message: 'In this realm nobody can log in with an e-mail address, as Synapse allows.',
          remedy: [
            'Realm settings, Login: turn "Duplicate emails" off and "Login with email" on.',
            'Or tell people to type their username.',
          ],
        }),
      ]

const bruteForce = ({ bruteForceProtected, permanentLockout, failureFactor }: RealmSettings): readonly Finding[] => {
  if (!bruteForceProtected) {
    return [
      finding('KEYCLOAK_BRUTE_FORCE_OFF', {
        message: 'The realm does not slow down who guesses passwords.',
        remedy: ['Realm settings, Security defenses, Brute force detection: "Lockout temporarily".'],
      }),
    ]
  }
  if (!permanentLockout) return []
  return [
    finding('KEYCLOAK_LOCKS_OUT', {
      message: `After ${counted(failureFactor, 'wrong password', 'wrong passwords')} an account is closed until an administrator opens it.`,
      remedy: [
        'Realm settings, Security defenses, Brute force detection: "Lockout temporarily", for the first days.',
        'Or accept it: --accept KEYCLOAK_LOCKS_OUT',
      ],
    }),
  ]
}

const events = (settings: RealmSettings): readonly Finding[] => {
  const kept = [
    ...(settings.eventsEnabled ? ['user events'] : []),
    ...(settings.adminEventsEnabled ? ['admin events'] : []),
  ]
  if (kept.length === 0) return []
  const details = settings.adminEventsEnabled && settings.adminEventsDetailsEnabled
  return [
    finding('KEYCLOAK_EVENTS', {
      message: `The realm keeps ${kept.join(' and ')}${details ? ', with names and addresses of whom is written' : ''}.`,
      samples: kept,
      remedy: [
        'Before the load: syn2op keycloak prepare --events off --apply',
        'After it: syn2op keycloak prepare --events restore --apply',
      ],
    }),
  ]
}

/** Seconds: with fewer, a run asks for a token every few requests. */
const SHORT_SECONDS = 10

const tokens = (
  { accessTokenLifespan }: RealmSettings,
  { client, realm }: Pick<KeycloakConfig, 'realm' | 'client'>,
): readonly Finding[] => {
  if (client.realm !== realm || accessTokenLifespan <= 0 || accessTokenLifespan >= SHORT_SECONDS) return []
  return [
    finding('KEYCLOAK_TOKENS_SHORT', {
      message: `Access tokens of the realm live for ${counted(accessTokenLifespan, 'second', 'seconds')}.`,
      count: accessTokenLifespan,
      remedy: [`Client ${client.id}, Advanced: "Access token lifespan" of 5 minutes.`],
    }),
  ]
}

export const checkCanaryClients = ({ canaryClients }: KeycloakSeen): readonly Finding[] =>
  canaryClients.length === 0
    ? []
    : [
        finding('KEYCLOAK_CANARY_CLIENTS', {
          message: `${counted(canaryClients.length, 'client', 'clients')} of ended password trials ${canaryClients.length === 1 ? 'is' : 'are'} left.`,
          count: canaryClients.length,
          samples: canaryClients.slice(0, 3),
          remedy: ['Delete them under Clients in the realm; the next trial of passwords does it too.'],
        }),
      ]
