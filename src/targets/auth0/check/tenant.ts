import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted, numbered } from '../../../report/counted.ts'
import { type Limit, limitOf } from '../api/limits.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import type { Auth0Seen } from './seen.ts'

/** What syn2op may do in the tenant, how fast, and what it spares the tenant's owners. */
export const checkTenant = (
  { missingScopes, limits, onRegistration }: Auth0Seen,
  config: Pick<Auth0Config, 'client' | 'plan'>,
): readonly Finding[] => [
  ...(missingScopes.length === 0 ? [] : [scopes(missingScopes, config)]),
  ...plan({ limits }, config),
  finding('AUTH0_IMPORT_MAILS', {
    message: 'Auth0 is asked to send no mail to the owners of the tenant when an import ends.',
    remedy: ['Nothing to do.'],
  }),
  ...registration(onRegistration),
]

const scopes = (missing: readonly string[], { client }: Pick<Auth0Config, 'client'>): Finding =>
  finding('AUTH0_SCOPES', {
    message: `The application ${client.id} lacks the ${missing.length === 1 ? 'scope' : 'scopes'} ${missing.join(', ')} of the Management API.`,
    count: missing.length,
    samples: missing,
    remedy: [
      'In the Dashboard: Applications, APIs, Auth0 Management API, Machine to Machine Applications; open the application:',
      ...missing.map((scope) => `tick ${scope}`),
      'Leave those that are ticked, then Update.',
    ],
  })

/** Nothing says which of its numbers a limit is told by: what fits at once, in a second, or in a minute. */
const fits = ({ burst, perSecond }: Limit, told: number): boolean =>
  [burst, perSecond, Math.round(perSecond * 60)].includes(told)

const plan = (
  { limits }: Pick<Auth0Seen, 'limits'>,
  { plan: named }: Pick<Auth0Config, 'plan'>,
): readonly Finding[] => {
  const others = limits.filter(({ of, limit }) => !fits(limitOf(named, of), limit))
  if (others.length === 0) return []
  const words = others.map(
    ({ of, limit }) =>
      `a limit of ${numbered(limit)} (${of}) and not of ${numbered(limitOf(named, of).burst)} requests`,
  )
  return [
    finding('AUTH0_PLAN_OTHER', {
      message: `auth0.yaml names the plan ${named}, but the tenant tells of ${words.join(', ')}.`,
      samples: [named],
      remedy: [
        'Correct `plan` in auth0.yaml, where the subscription is another. Auth0 may also have agreed on other limits.',
      ],
    }),
  ]
}

const registration = (bound: Auth0Seen['onRegistration']): readonly Finding[] => {
  if (bound === undefined || bound.length === 0) return []
  if (bound === 'not allowed') {
    return [
      finding('AUTH0_REGISTRATION_UNSEEN', {
        message:
          'Whether Actions of the tenant run for everybody who is imported cannot be seen without the scope read:actions.',
        remedy: [
          'Look under Actions, Triggers, Post User Registration: what is there may write to everybody who is moved.',
          'Or grant the application read:actions, and check again.',
        ],
      }),
    ]
  }
  return [
    finding('AUTH0_REGISTRATION_ACTIONS', {
      message: `${counted(bound.length, 'Action', 'Actions')} of the tenant may run for everybody who is imported: ${bound.join(', ')}.`,
      count: bound.length,
      samples: bound,
      remedy: [
        'Look what they do. Those that write to people or tell of them: take them out of Actions, Triggers, Post User Registration until everybody has been moved.',
        'Or have them pass over whoever has app_metadata.syn2op, and accept this finding.',
      ],
    }),
  ]
}
