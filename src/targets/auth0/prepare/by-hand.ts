import type { ShownByHand } from '../../../report/prepared-step.ts'
import { purposeOf } from '../api/purposes.ts'
import { scimIsKeptOff } from '../check/entra.ts'
import { SCIM_SUBJECT } from '../check/providers.ts'
import type { ConnectionSeen } from '../check/seen.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { DATABASE, type PrepareStep, requestOf } from './step.ts'
import { linkedBy, type TenantState } from './tenant-state.ts'

type Config = Pick<Auth0Config, 'client' | 'connection' | 'application' | 'providers'>

/** Nothing can be done to a connection that nobody can be imported into. */
export const unfitByHand = ({ name, strategy, options }: ConnectionSeen): ShownByHand | undefined => {
  const isCustom = options['enabledDatabaseCustomization'] === true
  if (strategy === DATABASE && !isCustom) return undefined
  return {
    id: `connection ${name}`,
    what: 'Name another connection in auth0.yaml',
    why:
      strategy === DATABASE
        ? `The people of ${name} are in a custom database.`
        : `${name} is a connection of the strategy ${strategy}: Auth0 imports people into database connections only.`,
    lines: ['connection: matrix-people'],
  }
}

export const scopesByHand = (
  steps: readonly PrepareStep[],
  { scopes }: TenantState,
  { client }: Config,
): readonly ShownByHand[] => {
  if (scopes === undefined) return []
  const needed = steps.flatMap((step) => {
    const { method, path } = requestOf(step)
    return purposeOf(method, path).scopes
  })
  const missing = [...new Set(needed)].filter((scope) => !scopes.includes(scope))
  if (missing.length === 0) return []
  return [
    {
      id: 'scopes',
      what: `Let the application ${client.id} do what is shown`,
      why: `It lacks the scopes ${missing.join(', ')}. In the Dashboard: Applications, APIs, Auth0 Management API, Machine to Machine Applications. They can be taken away again afterwards.`,
      lines: missing,
    },
  ]
}

export const applicationByHand = (
  connection: ConnectionSeen | undefined,
  { application, connection: name }: Config,
): readonly ShownByHand[] =>
  application !== undefined || (connection?.clients.length ?? 0) > 0
    ? []
    : [
        {
          id: 'application',
          what: `Say which application uses the connection ${name}`,
          why: 'Auth0 imports nobody into a connection that no application uses. Name in auth0.yaml the one by which people log in:',
          lines: ['application: {id: …}'],
        },
      ]

export const providersByHand = ({ providers, scopes, action }: TenantState, config: Config): readonly ShownByHand[] => {
  const names = linkedBy(config, 'scim', 'action')
  const actions = linkedBy(config, 'action')
  const provisioned = linkedBy(config, 'scim')
  return [
    ...names.flatMap((name): readonly ShownByHand[] => {
      const seen = providers.find((one) => one.name === name)
      if (seen === undefined) {
        return [
          {
            id: `connection ${name}`,
            what: `Make the connection ${name}`,
            why: 'SSO identities lead to it, and it is not there: Authentication, Enterprise (or Social), with the client that Synapse has at this provider.',
            lines: [],
          },
        ]
      }
      const inWay = provisioned.includes(name) && seen.entra !== undefined ? scimIsKeptOff(seen.entra) : undefined
      if (inWay !== undefined) {
        return [
          {
            id: `Entra ${name}`,
            what: `Have the connection ${name} know people of Microsoft Entra by their object id`,
            why: `It ${inWay}, and whom inbound SCIM makes there nobody would log in as: Authentication, Enterprise, Microsoft Azure AD, ${name}, Settings: User ID Attribute Type: User Object Identifier (oid); Use Common Endpoint: off. Where people come by it already it gives each another user_id; then rather:`,
            lines: ['link: action'],
          },
        ]
      }
      if (seen.scim === 'refused') {
        return [
          {
            id: `SCIM ${name}`,
            what: `Have inbound SCIM for the connection ${name}, or do without it`,
            why: 'The tenant does not offer it: it is part of subscriptions with Enterprise Connections. Without it people are linked at their first login:',
            lines: ['link: action'],
          },
        ]
      }
      if (seen.scim === undefined || seen.scim === 'none' || seen.scim.userIdAttribute === SCIM_SUBJECT) return []
      return [
        {
          id: `SCIM ${name}`,
          what: `Have inbound SCIM of the connection ${name} know people by ${SCIM_SUBJECT}`,
          why: `It goes by ${seen.scim.userIdAttribute}, and syn2op writes the subject as ${SCIM_SUBJECT}: Authentication, Enterprise, ${name}, Provisioning, Mapping.`,
          lines: [],
        },
      ]
    }),
    ...(linkedBy(config, 'scim').length > 0 && scopes?.includes('read:scim_config') === false
      ? [
          {
            id: 'scope read:scim_config',
            what: 'Let the application see whether inbound SCIM is set up',
            why: 'It lacks the scope read:scim_config, so nothing is done about SCIM.',
            lines: ['read:scim_config'],
          },
        ]
      : []),
    ...(actions.length === 0 || action === 'runs'
      ? []
      : [
          {
            id: 'action',
            what: 'Deploy the Action that links people at their first login',
            why: `People of ${actions.join(', ')} get a second, empty account without it. It shows first what it would do:`,
            lines: ['syn2op auth0 action'],
          },
        ]),
  ]
}
