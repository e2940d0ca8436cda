import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { asUnclear } from '../../http/unclear.ts'
import type { AdminAnswer, AdminRequest } from './admin-api.ts'
import { wordsOf } from './words.ts'

const kindOf = (body: unknown): string => {
  if (body === undefined) return 'nothing'
  if (typeof body === 'string') return 'a text that is no JSON'
  return Array.isArray(body) ? 'a list of another form' : 'JSON of another form'
}

/** An answer that cannot be understood: which request got what kind of answer, nothing of its content but a refusal's words. */
export const unexpectedAnswer = (method: AdminRequest['method'], path: string, answer: AdminAnswer): Syn2opError => {
  const { status, body } = answer
  const what = status >= 200 && status < 300 ? `${status} and ${kindOf(body)}` : `${status} (${wordsOf(answer)})`
  return asUnclear(
    new Syn2opError('server.unreachable', `Keycloak answers ${method} ${path} with ${what}`, {
      next: [
        "See Keycloak's own log of this moment, and that `url` leads to Keycloak itself and to no other page or proxy.",
      ],
    }),
  )
}
