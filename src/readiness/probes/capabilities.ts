import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'
import { delegation } from '../metadata/oauth-signs.ts'
import { errcodeOf, memberOf, objectOf } from '../metadata/reading.ts'
import { hasOwnOp, judgeAnswer, notConcerned, said } from './homeserver-saying.ts'
import type { Judgement, Probe } from './probe.ts'

const TOKEN = ["To have it asked: --token-file FILE with an access token of some user's."]

/** What the OP has, and apps may not offer. */
const OF_THE_OP = ['m.change_password', 'm.3pid_changes'] as const

/** Of a token that was given: whose session it was is logged out, or a proxy loses the token on the way. */
const sessionEnded = (evidence: Evidence, answer: Answer): Judgement => {
  if (errcodeOf(answer) === 'M_MISSING_TOKEN') {
    return {
      result: 'fail',
      level: 'error',
      seen: `The homeserver was reached without the access token that was sent: ${said(answer)}`,
      remedy: ['Have the proxy leave the header Authorization of requests as it is.'],
    }
  }
  if (errcodeOf(answer) === 'M_USER_LOCKED') {
    return {
      result: 'not asked',
      seen: `Whose token this is is locked, which ends no session: ${said(answer)}`,
      remedy: ['Give the token of somebody who is not locked, or unlock them.'],
    }
  }
  if (memberOf(objectOf(answer.json), 'soft_logout') === true) {
    return {
      result: 'not asked',
      seen: `This access token has ended, and its session goes on (soft_logout): ${said(answer)}`,
      remedy: ['Give a fresh token.'],
    }
  }
  return {
    result: 'fail',
    level: 'error',
    seen: `This session has ended: ${said(answer)}`,
    remedy: isBehindMas(evidence)
      ? [
          'Where the token is of before the migration: see that syn2op run (or syn2mas) carried the sessions into the database that this MAS uses; syn2op verify compares them, and syn2op check names tokens that end (TOKENS_NOT_ACCEPTED, SESSIONS_ENDED).',
          'Where MAS gave it: such a token ends after some minutes; give a fresh one.',
        ]
      : [
          'See that it was not logged out, and that the homeserver uses the database in which people had logged in; else give a fresh token.',
        ],
  }
}

const isBehindMas = (evidence: Evidence): boolean => delegation(evidence) === 'on' && !hasOwnOp(evidence)

const judge = (evidence: Evidence): Judgement =>
  judgeAnswer(
    evidence,
    'capabilities',
    (answer) => {
      if (answer.status === 401) return sessionEnded(evidence, answer)
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
    why: 'Apps show settings for a password, e-mails and phone numbers that fail when they are used. Where the token of an old session is refused: that session has ended, and its apps log out.',
    judge,
  },
]
