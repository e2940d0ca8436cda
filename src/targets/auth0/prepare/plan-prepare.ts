import type { ShownByHand } from '../../../report/prepared-step.ts'
import { hasFlexibleIdentifiers } from '../check/connection-rules.ts'
import { scimIsKeptOff } from '../check/entra.ts'
import { SCIM_SUBJECT } from '../check/providers.ts'
import type { ConnectionSeen } from '../check/seen.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { applicationByHand, providersByHand, scopesByHand, unfitByHand } from './by-hand.ts'
import { type Lacking, newOptions, optionChanges } from './option-changes.ts'
import type { PrepareStep } from './step.ts'
import { linkedBy, type TenantState } from './tenant-state.ts'

export interface PrepareWish {
  readonly config: Pick<Auth0Config, 'client' | 'connection' | 'application' | 'providers'>
  readonly lacking: Lacking
}

export interface PreparePlan {
  /** In the order in which they are done. */
  readonly steps: readonly PrepareStep[]
  readonly byHand: readonly ShownByHand[]
}

/** What is missing at a tenant, of nothing but what it has and what is wished for. */
export const planPrepare = (state: TenantState, wish: PrepareWish): PreparePlan => {
  const { connection } = state
  const unfit = connection === undefined ? undefined : unfitByHand(connection)
  const steps = unfit === undefined ? [...connectionSteps(connection, wish), ...scimSteps(state, wish)] : []
  return {
    steps,
    byHand: [
      ...(unfit === undefined ? [] : [unfit]),
      ...scopesByHand(steps, state, wish.config),
      ...applicationByHand(connection, wish.config),
      ...providersByHand(state, wish.config),
    ],
  }
}

const connectionSteps = (
  connection: ConnectionSeen | undefined,
  { config, lacking }: PrepareWish,
): readonly PrepareStep[] => [
  ...(connection === undefined ? [newConnectionStep(config, lacking)] : optionsStep(connection, lacking)),
  ...enableStep(connection, config),
]

/** Auth0's own words are in the notes of the page on flexible identifiers. */
const BREAKING = [
  'Auth0 warns: turning on flexible identifiers may break a login page in production. Do it in another tenant first, and keep what this says of the options as they were.',
  'They work with Universal Login only; the login page asks for the identifier first, and the form for a lost password for the username.',
]

const newConnectionStep = ({ connection: name }: PrepareWish['config'], lacking: Lacking): PrepareStep => ({
  id: `connection ${name}`,
  what: `Create the database connection ${name}`,
  why: 'Accounts with passwords live in a database connection, and this one does not exist. Nobody can sign up in it until you allow it.',
  connection: name,
  work: { kind: 'create connection', options: newOptions(lacking) },
  notes: lacking.email === 'may be lacking' ? BREAKING.slice(1) : [],
})

const optionsStep = ({ name, options }: ConnectionSeen, lacking: Lacking): readonly PrepareStep[] => {
  const changes = optionChanges(options, lacking)
  if (changes.length === 0) return []
  const isActivated = !hasFlexibleIdentifiers(options) && lacking.email === 'may be lacking'
  return [
    {
      id: `options ${name}`,
      what: isActivated
        ? `Turn on flexible identifiers in the connection ${name}: usernames, and people without an e-mail address`
        : `Let everybody who moves find room in the connection ${name}`,
      why: 'Usernames of Matrix are longer than the 15 characters that are usual at Auth0, and whoever finds no room is refused.',
      connection: name,
      work: { kind: 'change options', changes },
      notes: isActivated ? BREAKING : [],
    },
  ]
}

const enableStep = (
  connection: ConnectionSeen | undefined,
  { application, connection: name }: PrepareWish['config'],
): readonly PrepareStep[] =>
  application === undefined || connection?.clients.includes(application.id) === true
    ? []
    : [
        {
          id: `application ${application.id}`,
          what: `Enable the connection ${name} for the application ${application.id}`,
          why: 'Auth0 imports nobody into a connection that no application uses, and nobody could log in by it.',
          connection: name,
          work: { kind: 'enable application', client: application.id },
          notes: [],
        },
      ]

const scimSteps = ({ providers }: TenantState, { config }: PrepareWish): readonly PrepareStep[] =>
  linkedBy(config, 'scim').flatMap((name) => {
    const seen = providers.find((one) => one.name === name)
    if (seen?.scim !== 'none') return []
    if (seen.entra !== undefined && scimIsKeptOff(seen.entra) !== undefined) return []
    return [
      {
        id: `SCIM ${name}`,
        what: `Set up inbound SCIM for the connection ${name}`,
        why: 'Users of this connection are made before they first log in (`link: scim` in auth0.yaml), which Auth0 lets only SCIM do.',
        connection: name,
        // Of SAML Auth0's own is the name of the user, which need not be the subject.
        work: { kind: 'set up SCIM', ...(seen.strategy === 'samlp' ? { userIdAttribute: SCIM_SUBJECT } : {}) },
        notes: [
          'A run makes itself a token for it, and deletes it at its end. No identity provider writes there by this.',
        ],
      },
    ]
  })
