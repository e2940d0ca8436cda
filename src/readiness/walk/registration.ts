import type { ReadinessStep } from '../../report/readiness-document.ts'
import { clientSite, NATIVE_REDIRECT, nativeClient } from '../gather/client-bodies.ts'
import { type Registered, registeredBy } from '../gather/registered.ts'
import type { Answer, Exchange, Question } from '../http/exchange.ts'
import { objectOf } from '../metadata/reading.ts'
import { listIn, textIn } from './json-fields.ts'
import type { WalkMetadata } from './metadata.ts'
import { refusalOf } from './oauth-errors.ts'
import { difference, failure, type Surroundings, skipped, stepOf, type Trouble } from './walk-step.ts'

/** Where neither the homeserver nor the OP has an https address: a reserved name that is nobody's. */
const NOBODYS_SITE = 'https://syn2op.example'

const BEFOREHAND = `Register a public client at the OP with the redirect URI ${NATIVE_REDIRECT}, and name it: --client-id ID`

export interface WalkClient extends Registered {
  readonly made: 'by us' | 'before'
  /** It could be deleted at another server only, which does not get its token. */
  readonly isDeletedElsewhere?: true
}

export const register = async (
  { askToEnd, secrets }: Surroundings,
  metadata: WalkMetadata,
  given: { readonly clientId?: string; readonly baseUrl?: string },
): Promise<{ readonly step: ReadinessStep; readonly client?: WalkClient }> => {
  const since = performance.now()
  if (given.clientId !== undefined) {
    const step = skipped('registration', `The client ${given.clientId} was registered before`)
    return { step, client: { id: given.clientId, made: 'before' } }
  }
  if (metadata.registration === undefined) {
    const trouble = failure('The OP has no registration_endpoint: Matrix clients cannot register', BEFOREHAND)
    return { step: stepOf('registration', since, { exchanges: [], seen: '', troubles: [trouble] }) }
  }
  const question: Question = {
    method: 'POST',
    url: metadata.registration,
    headers: { accept: 'application/json' },
    body: { json: nativeClient(clientSite([given.baseUrl, metadata.issuer], NOBODYS_SITE)) },
  }
  const exchange = await askToEnd(question)
  const { client, troubles } = judgeRegistration(exchange, BEFOREHAND)
  if (client?.removal !== undefined) secrets.add(client.removal.token)
  const seen = 'The OP registers a native client, and repeats what it was told'
  return {
    step: stepOf('registration', since, { exchanges: [exchange], seen, troubles }),
    ...(client === undefined ? {} : { client }),
  }
}

/** @param remedy where the OP refuses. */
const judgeRegistration = (
  exchange: Exchange,
  remedy: string,
): { readonly client?: WalkClient; readonly troubles: readonly Trouble[] } => {
  const { answer, failure: why } = exchange
  if (answer === undefined) return { troubles: [failure(`The registration endpoint did not answer: ${why.why}`)] }
  const client = registeredBy(exchange)
  if (client !== undefined) {
    const isNamed = textIn(objectOf(answer.json), 'registration_client_uri') !== undefined
    const elsewhere = client.removal === undefined && isNamed ? { isDeletedElsewhere: true as const } : {}
    return { client: { ...client, ...elsewhere, made: 'by us' }, troubles: registrationTroubles(answer) }
  }
  const said = answer.status < 300 ? `answered ${answer.status} without a client_id` : `refused: ${refusalOf(answer)}`
  return { troubles: [failure(`The registration endpoint ${said}`, remedy)] }
}

const registrationTroubles = (answer: Answer): readonly Trouble[] => {
  const fields = objectOf(answer.json)
  const isMissing = (name: string, value: string): boolean => listIn(fields, name)?.includes(value) === false
  return [
    ...(answer.headers['content-type']?.startsWith('application/json') === false
      ? [failure('The registration’s answer is not labelled as JSON: Element X does not read it')]
      : []),
    ...(answer.status === 201 ? [] : [difference(`The registration was answered with ${answer.status}, not 201`)]),
    ...(textIn(fields, 'client_uri') === undefined
      ? [difference('The registration does not repeat client_uri: FluffyChat does not take that')]
      : []),
    ...(isMissing('redirect_uris', NATIVE_REDIRECT)
      ? [failure(`The OP registered other redirect URIs than ${NATIVE_REDIRECT}`)]
      : []),
    ...['authorization_code', 'refresh_token']
      .filter((grant) => isMissing('grant_types', grant))
      .map((grant) => failure(`The OP registered the client without the grant ${grant}`)),
    ...(textIn(fields, 'token_endpoint_auth_method') === undefined ||
    textIn(fields, 'token_endpoint_auth_method') === 'none'
      ? []
      : [failure('The OP gives the client a secret, which Matrix clients do not send: none was asked for')]),
  ]
}
