import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Exchange, Question } from '../http/exchange.ts'
import { objectOf } from '../metadata/reading.ts'
import { textIn } from './json-fields.ts'
import { refusalOf, shortened } from './oauth-errors.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'

export const whoamiQuestion = (baseUrl: string, accessToken: string): Question => ({
  method: 'GET',
  url: `${baseUrl}/_matrix/client/v3/account/whoami`,
  headers: { authorization: `Bearer ${accessToken}` },
  secrets: [accessToken],
})

export interface Whom {
  readonly device: string
  /** A Matrix id or a name, as the test account was given. */
  readonly username?: string
}

export const askWhoami = async (
  { ask }: Surroundings,
  {
    step,
    baseUrl,
    token,
    whom,
  }: { readonly step: string; readonly baseUrl: string; readonly token: string; readonly whom: Whom },
): Promise<ReadinessStep> => {
  const since = performance.now()
  const exchange = await ask(whoamiQuestion(baseUrl, token))
  const user = textIn(objectOf(exchange.answer?.json), 'user_id') ?? 'somebody'
  const seen = `The homeserver takes the access token: it is ${user}’s, on the device that was asked for`
  return stepOf(step, since, { exchanges: [exchange], seen, troubles: judgeWhoami(exchange, whom) })
}

export const judgeWhoami = ({ answer, failure: why }: Exchange, whom: Whom): readonly Trouble[] => {
  if (answer === undefined) return [failure(`The homeserver did not answer whoami: ${why.why}`)]
  if (answer.status === 503) {
    const words = `The homeserver cannot ask the OP whose token it is: ${refusalOf(answer)}`
    return [failure(words, 'Compare the shared secret on both sides, and try whether the homeserver reaches the OP.')]
  }
  if (answer.status !== 200) return [failure(`The homeserver does not take the access token: ${refusalOf(answer)}`)]
  const fields = objectOf(answer.json)
  const [user, device] = [textIn(fields, 'user_id'), textIn(fields, 'device_id')]
  return [
    ...(user === undefined ? [failure('whoami says no user_id')] : userTroubles(user, whom.username)),
    ...(device === whom.device
      ? []
      : [
          failure(
            `whoami says ${device === undefined ? 'no device' : `the device ${shortened(device)}`}, not ${whom.device} as asked for: Element X keeps its own, and encryption breaks`,
          ),
        ]),
  ]
}

/** A name that is not the localpart is possible, such as an e-mail address; another Matrix id is not. */
const userTroubles = (user: string, username: string | undefined): readonly Trouble[] => {
  if (username === undefined || username === user) return []
  if (username.startsWith('@')) return [failure(`The access token is ${user}’s, and ${username} logged in`)]
  const localpart = user.slice(1).split(':')[0]
  if (localpart === username.toLowerCase() || username.includes('@')) return []
  return [difference(`The access token is ${user}’s, and ${username} logged in`)]
}
