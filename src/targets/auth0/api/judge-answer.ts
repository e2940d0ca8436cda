import { isJson } from '../../http/body.ts'
import type { Answered } from '../../http/exchange.ts'
import { asUnclear } from '../../http/unclear.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { notAllowed, scimTokenRefused, strangeAnswer, tokenRefused } from './failures.ts'
import type { ManagementAnswer, ManagementRequest } from './management-api.ts'
import { wordsOf } from './words.ts'

interface WithBody extends Answered {
  readonly body: unknown
}

/**
 * An answer of Auth0's that whoever asked can deal with.
 * @throws Syn2opError as `ManagementApi.send` does
 */
export const judgeAnswer = (
  config: Auth0Config,
  { method, path, token }: Pick<ManagementRequest, 'method' | 'path' | 'token'>,
  answer: WithBody,
): ManagementAnswer => {
  const { status, headers, body } = answer
  if (status === 401 && token !== undefined) throw scimTokenRefused(config, { status, body })
  if (status === 401) throw tokenRefused(config, wordsOf({ status, body }))
  if (status === 403) throw notAllowed(config, { method, path, answer: { status, body } })
  const asked = `${method} ${path}`
  if (status >= 300 && status < 400) throw asUnclear(strangeAnswer(config, asked, `${status} and leads elsewhere`))
  if (answer.text !== '' && (body === undefined || !isJson(answer))) {
    throw asUnclear(strangeAnswer(config, asked, `${status} and no JSON`))
  }
  return { status, body, headers }
}
