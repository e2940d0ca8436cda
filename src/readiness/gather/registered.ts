import type { Evidence, QuestionName } from '../evidence.ts'
import type { Exchange } from '../http/exchange.ts'
import { memberOf, objectOf } from '../metadata/reading.ts'

/** A client that an OP made for us. */
export interface Registered {
  readonly id: string
  /** How it is taken away (RFC 7592); absent where the OP gave no way. The token is a secret. */
  readonly removal?: { readonly url: string; readonly token: string }
}

/** The client of a registration's answer; undefined where it was refused, or no id is in it. */
export const registeredBy = (exchange: Exchange | undefined): Registered | undefined => {
  const { answer } = exchange ?? {}
  if (exchange === undefined || answer === undefined || answer.status < 200 || answer.status > 299) return undefined
  const document = objectOf(answer.json)
  const id = memberOf(document, 'client_id')
  if (typeof id !== 'string' || id === '') return undefined
  const url = memberOf(document, 'registration_client_uri')
  const token = memberOf(document, 'registration_access_token')
  if (typeof url !== 'string' || typeof token !== 'string' || !sameServer(url, exchange.question.url)) return { id }
  return { id, removal: { url, token } }
}

/** Its token is sent to nobody but the server that gave it. */
const sameServer = (url: string, registration: string): boolean => {
  const address = URL.parse(url)
  return address !== null && address.origin === new URL(registration).origin
}

/** Each registration with the question that takes it back. */
export const REMOVALS = [
  ['registration', 'registrationDeleted'],
  ['registrationNative', 'registrationNativeDeleted'],
] as const satisfies readonly (readonly [QuestionName, QuestionName])[]

/** Clients that are at the OP still. */
export const clientsLeft = ({ asked }: Pick<Evidence, 'asked'>): readonly Registered[] =>
  REMOVALS.flatMap(([registration, removal]) => {
    const client = registeredBy(asked[registration])
    const answer = asked[removal]?.answer
    const isGone = answer !== undefined && ((answer.status >= 200 && answer.status < 300) || answer.status === 404)
    return client === undefined || isGone ? [] : [client]
  })
