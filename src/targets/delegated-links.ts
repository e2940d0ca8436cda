import { DELEGATED_PROVIDER } from '../accounts/delegated-provider.ts'
import { finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import { counted } from '../report/counted.ts'
import type { TargetCheck } from './target.ts'

/** Links of an earlier delegation to MAS: they mean nothing to any target. */
export const delegatedLinks = (inUse: TargetCheck['providersInUse']): readonly Finding[] =>
  inUse
    .filter(({ authProvider, count }) => authProvider === DELEGATED_PROVIDER && count > 0)
    .map(({ count }) =>
      finding('OAUTH_DELEGATED', {
        message: `An earlier delegation to MAS left ${counted(count, 'link', 'links')} to ${DELEGATED_PROVIDER}; nothing of that is carried.`,
        count,
        samples: [DELEGATED_PROVIDER],
        remedy: ['Accept it with --accept OAUTH_DELEGATED once no other MAS serves this homeserver.'],
      }),
    )
