import type { QuestionName } from '../evidence.ts'
import type { Question } from '../http/exchange.ts'
import type { JsonObject } from '../metadata/reading.ts'
import type { Subject } from '../subject.ts'
import { addressAt, isPrivate, isWebAddress, oauthMetadataOf, openidConfigurationOf } from './addresses.ts'
import { bearer, JUNK } from './junk.ts'
import type { Recording } from './recording.ts'
import { NO_SYNAPSE_CONFIG, OVER_HTTP } from './secret-words.ts'

/** Asks the OP for its own documents, at its issuer. @throws the signal's reason */
export const askDiscovery = async (
  issuer: string | undefined,
  { origin }: Subject,
  recording: Recording,
): Promise<void> => {
  const names = ['opConfiguration', 'opOauthMetadata'] as const
  if (issuer === undefined || !isWebAddress(issuer)) {
    const why =
      issuer === undefined
        ? 'The homeserver names no OP: give its issuer by --op to have one asked'
        : 'The issuer is no address of the web, so nobody knows where its documents lie'
    for (const name of names) recording.skip(name, why)
    return
  }
  const get = (url: string): Question => ({ method: 'GET', url, headers: { origin }, redirects: 'followed' })
  await Promise.all([
    recording.ask('opConfiguration', get(openidConfigurationOf(issuer))),
    recording.ask('opOauthMetadata', get(oauthMetadataOf(issuer))),
  ])
}

export interface KnownOp {
  /** Absent where no document of an OP was found. */
  readonly metadata: JsonObject | undefined
  /** As far as its documents tell, such as `MAS`. */
  readonly product: string | undefined
}

/** Asks the OP at the addresses of its metadata, what leaves nothing behind. @throws the signal's reason */
export const askEndpoints = async (op: KnownOp, subject: Subject, recording: Recording): Promise<void> => {
  const { metadata } = op
  const { origin } = subject
  const at = async (
    name: QuestionName,
    member: string,
    question: (url: string) => Omit<Question, 'url'>,
  ): Promise<void> => {
    const address = addressAt(metadata, member)
    if ('why' in address) recording.skip(name, sentence(address.why))
    else await recording.ask(name, { url: address.url, ...question(address.url) })
  }
  const page = (): Omit<Question, 'url'> => ({ method: 'GET', redirects: 'shown' })
  const junk = { token: JUNK, token_type_hint: 'access_token' }
  await Promise.all([
    at('jwks', 'jwks_uri', () => ({ method: 'GET', headers: { origin }, redirects: 'followed' })),
    at('authorizePage', 'authorization_endpoint', page),
    at('accountPage', 'account_management_uri', page),
    at('registrationPreflight', 'registration_endpoint', () => ({
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })),
    at('tokenJunk', 'token_endpoint', () => ({
      method: 'POST',
      headers: { origin, accept: 'application/json' },
      body: {
        form: {
          grant_type: 'authorization_code',
          code: JUNK,
          code_verifier: JUNK.padEnd(43, '-'),
          redirect_uri: 'http://127.0.0.1/callback',
          client_id: JUNK,
        },
      },
    })),
    at('revokeJunk', 'revocation_endpoint', () => ({
      method: 'POST',
      headers: { origin, accept: 'application/json' },
      body: { form: junk },
    })),
    askIntrospection(op, subject, recording),
  ])
}

const askIntrospection = async (
  { metadata, product }: KnownOp,
  { masSecret, op }: Subject,
  recording: Recording,
): Promise<void> => {
  const address = addressAt(metadata, 'introspection_endpoint')
  const skip = (why: string): void => recording.skip('introspectSecret', why)
  if ('why' in address) return skip(sentence(address.why))
  if (product !== 'MAS') return skip(NO_MAS)
  if (masSecret === undefined) return skip(NO_SYNAPSE_CONFIG)
  if (!isPrivate(address.url, op)) return skip(OVER_HTTP)
  await recording.ask('introspectSecret', {
    method: 'POST',
    url: address.url,
    headers: { accept: 'application/json', ...bearer(masSecret) },
    body: { form: { token: JUNK, token_type_hint: 'access_token' } },
    secrets: [masSecret],
  })
}

const NO_MAS =
  'What Synapse and MAS know each other by is sent to MAS only, and the documents of this OP are not as those of MAS'

const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
