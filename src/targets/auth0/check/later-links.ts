import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { TargetCheck } from '../../target.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import type { ActionStanding } from './read-action.ts'
import type { ProviderSeen } from './seen.ts'

interface LaterLinks {
  readonly config: Pick<Auth0Config, 'providers'>
  readonly present: readonly ProviderSeen[]
  /** Those that people use. */
  readonly inUse: TargetCheck['providersInUse']
  /** Undefined: nobody knows. */
  readonly action: ActionStanding | undefined
}

const STANDINGS: Readonly<Record<Exclude<ActionStanding, 'runs'>, string>> = {
  'absent': 'is not there',
  'other code': 'is there in another version, or not deployed',
  'not bound': 'is there and does not run at logins',
}

/** Identities that are linked when their owner first logs in, and whether what links them runs. */
export const checkLaterLinks = ({ config, present, inUse, action }: LaterLinks): readonly Finding[] => {
  const leading = config.providers.filter(({ id, strategy, link }) => {
    const isThere = present.some((one) => one.name === id && one.strategy === strategy)
    return link === 'action' && isThere
  })
  const countOf = (name: string): number => inUse.find(({ authProvider }) => authProvider === name)?.count ?? 0
  const used = leading.filter(({ authProvider }) => countOf(authProvider) > 0)
  const count = used.reduce((sum, { authProvider }) => sum + countOf(authProvider), 0)
  if (count === 0) return []
  const names = [...new Set(used.map(({ id }) => id))]
  const of = { count, samples: names }
  const identities = `${counted(count, 'identity', 'identities')} at ${names.join(', ')}`
  if (action !== undefined && action !== 'runs') {
    return [
      finding('AUTH0_ACTION_MISSING', {
        message: `Nobody is linked yet: the post-login Action that links ${identities}, each when its owner first logs in by it, ${STANDINGS[action]}.`,
        ...of,
        remedy: [
          'After the last migrate, before the cut-over: syn2op auth0 action --apply --action-client ID --action-secret-file FILE',
          'Until people log in by Auth0 it can wait: accept it in the mapping, with the day before the cut-over as its end.',
          'accept:',
          '  - code: AUTH0_ACTION_MISSING',
          '    reason: deployed before the cut-over',
          '    until: YYYY-MM-DD',
        ],
      }),
    ]
  }
  return [
    finding('AUTH0_PROVIDER_LINKS_LATER', {
      message: `${identities} ${count === 1 ? 'is' : 'are'} linked when the owner first logs in by it, by a post-login Action${action === 'runs' ? ', which runs' : ''}.`,
      ...of,
      remedy: [
        action === 'runs'
          ? 'After each migrate that brings people: syn2op auth0 action --apply. Until the search shows everybody, the Action then asks whom it does not find to come back.'
          : 'See that it runs before the cut-over: syn2op auth0 action (the application needs the scope read:actions for it).',
      ],
    }),
  ]
}
