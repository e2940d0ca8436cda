import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { delegation } from '../metadata/oauth-signs.ts'
import { memberOf, objectOf } from '../metadata/reading.ts'
import { hasOwnOp, judgeAnswer, notConcerned, said } from './homeserver-saying.ts'
import type { Judgement, Probe } from './probe.ts'

const TOKEN = ["To have it asked: --token-file FILE with an access token of some user's."]

/** What the OP has, and apps may not offer. */
const OF_THE_OP = ['m.change_password', 'm.3pid_changes'] as const

const judge = (evidence: Evidence): Judgement =>
  judgeAnswer(
    evidence,
    'capabilities',
    (answer) => {
      if (answer.status === 401) {
        return {
          result: 'not asked',
          seen: `The homeserver does not take the access token: ${said(answer)}.`,
          remedy: TOKEN,
        }
      }
      if (answer.status === 503)
        return notConcerned('The homeserver cannot tell whose a token is: TOKENS_CHECKED says why.')
      const capabilities = objectOf(memberOf(objectOf(answer.json), 'capabilities'))
      if (answer.status !== 200 || capabilities === undefined) {
        return {
          result: 'fail',
          seen: `${said(answer)}: no capabilities`,
          remedy: ['See in the log of the homeserver what it makes of GET /_matrix/client/v3/capabilities.'],
        }
      }
      if (delegation(evidence) !== 'on')
        return notConcerned('There is no OP: passwords and e-mails are changed in the apps.')
      const faults = OF_THE_OP.flatMap((field): readonly ReadinessFault[] => {
        const enabled = memberOf(objectOf(memberOf(capabilities, field)), 'enabled')
        if (enabled === false) return []
        // Absent means that apps may.
        return [
          {
            field,
            what: enabled === undefined ? 'is absent, which means that apps may' : 'is not false',
            breaks: ['aware', 'legacy-password', 'legacy-sso'],
          },
        ]
      })
      if (faults.length === 0)
        return { result: 'pass', seen: 'apps offer no change of password or e-mails: the OP does' }
      return {
        result: 'fail',
        seen: faults.map(({ field, what }) => `${field} ${what}`).join('; '),
        faults,
        remedy: hasOwnOp(evidence)
          ? ['Nothing to do where the homeserver takes these changes itself.']
          : [
              'In homeserver.yaml: enable_3pid_changes: false and password_config.enabled: false, and restart every worker.',
            ],
      }
    },
    { unasked: TOKEN },
  )

export const CAPABILITIES_PROBES: readonly Probe[] = [
  {
    code: 'CAPABILITIES',
    part: 'homeserver',
    title: 'Apps are told not to offer what the OP has: the change of passwords, e-mails and phone numbers',
    spec: 'Client-Server API, GET /capabilities; MSC3824, Matrix 1.18',
    stability: 'stable',
    level: 'info',
    why: 'Apps show settings for a password, e-mails and phone numbers that fail when they are used.',
    judge,
  },
]
