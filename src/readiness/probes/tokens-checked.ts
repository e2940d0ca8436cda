import type { Evidence } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'
import { isDown } from '../metadata/oauth-signs.ts'
import { errcodeOf } from '../metadata/reading.ts'
import { SAME_SECRET, SEE_MAS_FROM_SYNAPSE } from './homeserver-remedies.ts'
import { judgeAnswer, mayHaveMas, said } from './homeserver-saying.ts'
import { isOwnError, member } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

/** Synapse says 503 for MAS that is down and for a wrong secret alike; MAS tells them apart. */
const unreachedOp = (evidence: Evidence): readonly string[] => {
  const introspection = evidence.asked.introspectSecret
  const untold = 'Either Synapse does not reach MAS, or MAS has another secret.'
  if (introspection === undefined) {
    return [
      `${untold} With --synapse-config FILE both are asked by that secret: INTROSPECTION tells which it is.`,
      ...SEE_MAS_FROM_SYNAPSE,
      SAME_SECRET,
    ]
  }
  const { answer } = introspection
  const status = answer?.status
  if (answer !== undefined && isOwnError(answer.json) && (status === 401 || status === 403)) return [SAME_SECRET]
  // Closed to the world, which says nothing of MAS.
  if (answer !== undefined && answer.status < 500 && member(answer.json, 'active') === undefined)
    return [untold, ...SEE_MAS_FROM_SYNAPSE, SAME_SECRET]
  if (status === 200) {
    return [
      'MAS answers from here, by the secret of this homeserver.yaml: Synapse does not reach it, or runs with another secret.',
      ...SEE_MAS_FROM_SYNAPSE,
      'Restart Synapse with every worker, where homeserver.yaml was changed since.',
    ]
  }
  return ['MAS answers nobody: start it, and see its log.', ...SEE_MAS_FROM_SYNAPSE]
}

const judgeStatus = (evidence: Evidence, answer: Answer): Judgement => {
  const code = errcodeOf(answer)
  const words = said(answer)
  if (answer.status < 300) {
    return {
      result: 'fail',
      seen: `${answer.status}: a token that nobody has is taken for good`,
      remedy: ['Take the homeserver from the net at once: whatever answers there lets anybody in.'],
    }
  }
  if (answer.status === 401 && code === 'M_MISSING_TOKEN') {
    return {
      result: 'fail',
      seen: `${words}, though a token was sent: something on the way takes it away`,
      remedy: [
        'Have the proxy leave the header Authorization as it is. For nginx: proxy_set_header Authorization $http_authorization;',
      ],
    }
  }
  if (answer.status === 401 && code === 'M_UNKNOWN_TOKEN')
    return { result: 'pass', seen: `a token that nobody has is refused: 401 ${code}` }
  if (answer.status === 503 && code !== undefined && !isDown(evidence) && mayHaveMas(evidence)) {
    return { result: 'fail', seen: `${words}: Synapse cannot ask MAS whose a token is`, remedy: unreachedOp(evidence) }
  }
  if (answer.status >= 500) {
    return {
      result: 'fail',
      seen: words,
      remedy: ['See in the log of the homeserver what it makes of GET /_matrix/client/v3/account/whoami.'],
    }
  }
  return {
    result: 'fail',
    // The token is refused; apps do not understand how.
    level: answer.status === 403 || answer.status === 401 ? 'warning' : 'error',
    seen: `${words}, where 401 M_UNKNOWN_TOKEN has to stand`,
    remedy: [
      'See where the proxy sends /_matrix/client/v3/account/whoami: by 401 M_UNKNOWN_TOKEN alone apps know that they are logged out.',
    ],
  }
}

export const TOKENS_CHECKED_PROBES: readonly Probe[] = [
  {
    code: 'TOKENS_CHECKED',
    part: 'both',
    title: 'The homeserver finds out whose an access token is, and refuses one that nobody has',
    spec: 'Client-Server API, GET /account/whoami; RFC 7662',
    stability: 'stable',
    level: 'error',
    why: 'With 503 the homeserver cannot ask MAS: nobody who logged in can send or read anything, and apps say that the server cannot be reached. With 2xx anybody is let in.',
    judge: (evidence) => judgeAnswer(evidence, 'whoami', (answer) => judgeStatus(evidence, answer)),
  },
]
