import type { Evidence, QuestionName } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'
import { errcodeOf } from '../metadata/reading.ts'
import { SEND_LOGINS_TO_MAS } from './homeserver-remedies.ts'
import { hasMas, homeserverName, judgeAnswer, said } from './homeserver-saying.ts'
import type { Judgement, Probe } from './probe.ts'
import { registers } from './registers.ts'

const isUnknownRoute = (answer: Answer): boolean => answer.status === 404 || answer.status === 405

/** A route that refuses a token which nobody has, by an error of Matrix, is there. */
const judgeRoute = (
  evidence: Evidence,
  question: QuestionName,
  path: string,
  absent: (answer: Answer) => Judgement,
): Judgement => {
  const behind = hasMas(evidence) ? 'MAS' : 'the homeserver'
  const judge = (answer: Answer): Judgement => {
    const words = said(answer)
    if (isUnknownRoute(answer)) {
      return hasMas(evidence)
        ? { result: 'fail', seen: `${words}: Synapse itself answers, and not MAS`, remedy: SEND_LOGINS_TO_MAS }
        : absent(answer)
    }
    if (answer.status < 300) {
      return {
        result: 'fail',
        seen: `${answer.status} to a token that nobody has`,
        remedy: [`See where the proxy sends ${path}: another than the homeserver answers.`],
      }
    }
    if (answer.status < 500 && errcodeOf(answer) !== undefined) {
      return {
        result: 'pass',
        seen: `it is there, and refuses a token that nobody has: ${answer.status} ${errcodeOf(answer)}`,
      }
    }
    return {
      result: 'fail',
      seen: words,
      remedy: hasMas(evidence)
        ? ['See whether MAS runs, and what its log says of this.', ...SEND_LOGINS_TO_MAS]
        : [`See in the log of the homeserver what it makes of ${path}.`],
    }
  }
  return judgeAnswer(evidence, question, judge, { behind })
}

const judgeLogout = (evidence: Evidence): Judgement =>
  judgeRoute(evidence, 'logout', '/_matrix/client/v3/logout', (answer) => ({
    result: 'fail',
    seen: said(answer),
    remedy: ['See where the proxy sends /_matrix/client/v3/logout.'],
  }))

const judgeRefresh = (evidence: Evidence): Judgement =>
  judgeRoute(evidence, 'refresh', '/_matrix/client/v3/refresh', (answer) =>
    errcodeOf(answer) === undefined
      ? { result: 'fail', seen: said(answer), remedy: ['See where the proxy sends /_matrix/client/v3/refresh.'] }
      : { result: 'pass', seen: 'the homeserver gives no refresh tokens, and its access tokens do not end' },
  )

const judgeSignUp = (evidence: Evidence): Judgement =>
  judgeAnswer(evidence, 'registerAvailable', (answer) => {
    const makes = registers(evidence)
    if (makes === 'unknown') {
      const name = homeserverName(evidence) ?? 'the homeserver'
      return {
        result: 'not asked',
        seen: `${said(answer)}: that does not tell whether ${name} makes accounts. Synapse alone tells it so; others say that a name is free though nobody may take it.`,
      }
    }
    if (hasMas(evidence)) {
      return makes === 'yes'
        ? {
            result: 'fail',
            level: 'warning',
            seen: 'the homeserver makes accounts itself, of which the OP knows nothing',
            remedy: ['In homeserver.yaml: enable_registration: false, and restart every worker.'],
          }
        : { result: 'pass', seen: 'the homeserver makes no accounts itself: the OP does' }
    }
    if (makes === 'yes')
      return { result: 'pass', seen: 'apps without OAuth may make accounts, as far as the homeserver lets them' }
    return {
      result: 'fail',
      seen: said(answer),
      remedy: [
        'Nothing to do where people do not sign up themselves. Else for Synapse, in homeserver.yaml: enable_registration: true, with a check such as registration_requires_token: true',
      ],
    }
  })

export const LEGACY_PROBES: readonly Probe[] = [
  {
    code: 'LEGACY_LOGOUT',
    part: 'both',
    title: 'Apps without OAuth may log out',
    spec: 'Client-Server API, POST /logout',
    stability: 'stable',
    level: 'warning',
    why: 'People log out, the app shows an error or nothing, and their session and its device stay.',
    judge: judgeLogout,
  },
  {
    code: 'LEGACY_REFRESH',
    part: 'both',
    title: 'Apps without OAuth may refresh their tokens',
    spec: 'Client-Server API, POST /refresh',
    stability: 'stable',
    level: 'warning',
    why: 'Apps without OAuth that took a refresh token are logged out when their access token ends, after 5 minutes with MAS.',
    judge: judgeRefresh,
  },
  {
    code: 'LEGACY_SIGN_UP',
    part: 'both',
    title: 'Accounts are made by the OP, or by the homeserver where there is none',
    spec: 'Client-Server API, GET /register/available',
    stability: 'stable',
    level: 'info',
    why: 'Without an OP, people cannot sign up in an app: "Registration has been disabled on this homeserver". With one, accounts that the homeserver makes beside it cannot log in by it.',
    judge: judgeSignUp,
  },
]
