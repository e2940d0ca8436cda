import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted, numbered } from '../../../report/counted.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import type { KeycloakSeen } from './seen.ts'

/** What everybody is to get that is not there, and who is there already. */
export const checkPeople = (
  seen: KeycloakSeen,
  config: Pick<KeycloakConfig, 'requiredActions'>,
): readonly Finding[] => [
  ...present(seen),
  ...rolesAndGroups(seen),
  ...actions(seen, config),
  ...defaultActions(seen, config),
  ...federations(seen),
]

const present = ({ users }: KeycloakSeen): readonly Finding[] => {
  if (users === undefined || users.all === 0) return []
  const { all, ours } = users
  const own = ours === 0 ? 'none of them' : ours === all ? 'all of them' : `${numbered(ours)} of them`
  return [
    finding('KEYCLOAK_HAS_PEOPLE', {
      message: `The realm has ${counted(all, 'user', 'users')}, ${own} written by syn2op from this homeserver.`,
      count: all,
      remedy: ['See what would be created, changed and held back: syn2op plan'],
    }),
  ]
}

const rolesAndGroups = ({ missingRealmRoles, missingGroups }: KeycloakSeen): readonly Finding[] => {
  const missing = [
    ...missingRealmRoles.map((name) => `the role ${name}`),
    ...missingGroups.map((path) => `the group ${path}`),
  ]
  if (missing.length === 0) return []
  return [
    finding('KEYCLOAK_ROLE_UNKNOWN', {
      message: `The realm lacks ${missing.join(', ')}.`,
      count: missing.length,
      samples: [...missingRealmRoles, ...missingGroups],
      remedy: [
        ...missingRealmRoles.map((name) => `Realm roles: create ${name}.`),
        ...missingGroups.map((path) => `Groups: create ${path}.`),
        'Or correct `roles` and `groups` in keycloak.yaml.',
      ],
    }),
  ]
}

const actions = (
  { requiredActions }: KeycloakSeen,
  config: Pick<KeycloakConfig, 'requiredActions'>,
): readonly Finding[] => {
  if (requiredActions === undefined) return []
  const enabled = new Set(requiredActions.filter((action) => action.enabled).map(({ alias }) => alias))
  const unknown = config.requiredActions.filter((alias) => !enabled.has(alias))
  if (unknown.length === 0) return []
  return [
    finding('KEYCLOAK_ACTIONS_UNKNOWN', {
      message: `The realm does not have, or has switched off, the required ${unknown.length === 1 ? 'action' : 'actions'} ${unknown.join(', ')}.`,
      count: unknown.length,
      samples: unknown,
      remedy: [
        `Those that it has: ${[...enabled].join(', ')}`,
        'Correct `required_actions` in keycloak.yaml, or enable them under Authentication, Required actions.',
      ],
    }),
  ]
}

const defaultActions = (
  { requiredActions = [] }: KeycloakSeen,
  config: Pick<KeycloakConfig, 'requiredActions'>,
): readonly Finding[] => {
  const missed = requiredActions
    .filter(({ alias, enabled, defaultAction }) => enabled && defaultAction && !config.requiredActions.includes(alias))
    .map(({ alias }) => alias)
  if (missed.length === 0) return []
  return [
    finding('KEYCLOAK_ACTIONS_MISSED', {
      message: `Whoever registers in the realm has to do ${missed.join(', ')}; whoever is moved into it has not.`,
      count: missed.length,
      samples: missed,
      remedy: [
        `To have them asked too, in keycloak.yaml: required_actions: [${[...config.requiredActions, ...missed].join(', ')}]`,
        'Or accept it: --accept KEYCLOAK_ACTIONS_MISSED',
      ],
    }),
  ]
}

const federations = ({ federations: names }: KeycloakSeen): readonly Finding[] => {
  if (names.length === 0) return []
  return [
    finding('KEYCLOAK_FEDERATED', {
      message: `The realm takes people from ${names.join(', ')} too.`,
      count: names.length,
      samples: names,
      remedy: [
        'User federation, each of them: "Sync all users", so that names and addresses are seen as taken.',
        'For the load itself it can be switched off there.',
      ],
    }),
  ]
}
