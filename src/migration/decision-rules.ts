import type { DecisionRules, LeftRelations, ShutWays } from '../accounts/decisions/rules.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { providerRules, type TargetProvider } from '../mapping/provider-rules.ts'
import { unreadRegistrations } from '../synapse/application-services.ts'
import { ghostNamespaces } from '../synapse/ghost-namespaces.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'

interface DecidedBy {
  readonly homeserver: Pick<
    HomeserverConfig,
    'serverName' | 'applicationServices' | 'unreadable' | 'accountValidityEnabled' | 'approvalRequired'
  >
  readonly mapping: Mapping
  readonly providers: readonly TargetProvider[]
  /** The target's, as `providers`. */
  readonly shut?: ShutWays | undefined
  /** The target's, as `providers`. */
  readonly leaves?: LeftRelations | undefined
  /** The target's, as `providers`. */
  readonly identities?: DecisionRules['identities'] | undefined
  /** Synapse's names of its providers that are the target itself; absent: none is. */
  readonly itself?: readonly string[]
  readonly asOf: number
}

/**
 * What the decision statement is made of.
 * @throws Syn2opError mapping.invalid, where namespaces of application services cannot be told to PostgreSQL;
 * config.unreadable, where the mapping goes by registrations that could not be read.
 */
export const decisionRules = ({
  homeserver,
  mapping,
  providers,
  shut,
  leaves,
  identities,
  itself = [],
  asOf,
}: DecidedBy): DecisionRules => {
  requireRegistrations(homeserver, mapping)
  const { serverName, applicationServices } = homeserver
  const { accounts, ghosts, registrations, emails } = mapping
  const registered = registrations === undefined ? [] : ghostNamespaces(applicationServices, registrations)
  const bots = accounts.bots === 'hold_back' ? applicationServices.map(({ sender }) => `@${sender}:${serverName}`) : []
  return {
    serverName,
    asOf,
    accounts,
    ghosts: [...ghosts, ...registered],
    providers: providerRules(providers, mapping),
    ...keptOut(homeserver),
    ...(shut === undefined ? {} : { shut }),
    ...(leaves === undefined ? {} : { leaves }),
    ...(identities === undefined ? {} : { identities }),
    ...(itself.length === 0 ? {} : { itself }),
    ...(bots.length === 0 ? {} : { bots }),
    ...(emails === undefined ? {} : { emails }),
  }
}

/** Source: Synapse 1.163.2, which looks at the rows only where these settings are on. */
const keptOut = ({
  accountValidityEnabled,
  approvalRequired,
}: DecidedBy['homeserver']): Pick<DecisionRules, 'keepsOut'> => {
  const keepsOut = [
    ...(accountValidityEnabled ? (['expired'] as const) : []),
    ...(approvalRequired ? (['unapproved'] as const) : []),
  ]
  return keepsOut.length === 0 ? {} : { keepsOut }
}

/** Without them the same rules would take ghosts and bots for people, and migrate them. */
const requireRegistrations = (
  homeserver: DecidedBy['homeserver'],
  { accounts, registrations }: Pick<Mapping, 'accounts' | 'registrations'>,
): void => {
  const rules = [
    ...(registrations === undefined ? [] : ['`registrations`']),
    ...(accounts.bots === 'hold_back' ? ['`accounts.bots`'] : []),
  ]
  const unread = unreadRegistrations(homeserver)
  if (rules.length === 0 || unread.length === 0) return
  throw new Syn2opError(
    'config.unreadable',
    `The mapping goes by registrations of application services (${rules.join(', ')}), and not all can be read here`,
    {
      problems: unread.map(({ file, why }) => ({ message: why, at: { file } })),
      next: [
        'Copy them beside homeserver.yaml and name them there by a relative path, or run syn2op where Synapse runs.',
        `Or go without ${rules.join(' and ')} in the mapping, and name their users in \`ghosts:\` yourself.`,
      ],
    },
  )
}
