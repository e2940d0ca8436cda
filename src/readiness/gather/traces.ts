import { createHash, randomBytes } from 'node:crypto'
import type { QuestionName } from '../evidence.ts'
import type { Ask } from '../http/exchange.ts'
import type { JsonObject } from '../metadata/reading.ts'
import type { Subject } from '../subject.ts'
import { addressAt, withParameters } from './addresses.ts'
import { clientSite, NATIVE_REDIRECT, nativeClient, webClient, webRedirect } from './client-bodies.ts'
import { bearer, JUNK } from './junk.ts'
import type { Recording } from './recording.ts'
import { REMOVALS, type Registered, registeredBy } from './registered.ts'

/** Everything that leaves something behind, or needs what does. */
const TRACE_QUESTIONS = [
  'registration',
  'registrationNative',
  'authorizeStable',
  'authorizeUnstable',
  'revokeRegistered',
  'deviceAuthorization',
  'registrationDeleted',
  'registrationNativeDeleted',
] as const satisfies readonly QuestionName[]

/** Ten characters, as MAS wants at least. */
const DEVICE = 'SYN2OPTEST'

/** Of a new device of Element X by QR code: its key in base64, where a plus and a slash may be. */
const QR_DEVICE = 'syn2op+readiness/syn2op+readiness/syn2op+re'

/** As Element Web asks for a session. */
const STABLE_SCOPE = `urn:matrix:client:api:* urn:matrix:client:device:${DEVICE}`

/** As Element X and FluffyChat do. */
const UNSTABLE_SCOPE = `urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:${DEVICE}`

const QR_SCOPE = STABLE_SCOPE.replace(DEVICE, QR_DEVICE)

export interface Traces {
  readonly metadata: JsonObject | undefined
  readonly issuer: string | undefined
  readonly baseUrl: string | undefined
  readonly subject: Subject
  readonly recording: Recording
  /** Takes clients away again, also when the signal of the other questions is aborted. */
  readonly cleanUp: Ask
}

/** Registers clients and asks as them, where that is allowed; takes them away again, whatever happens. @throws the signal's reason */
export const askWithTraces = async (traces: Traces): Promise<void> => {
  const { metadata, subject, recording } = traces
  const address = addressAt(metadata, 'registration_endpoint')
  const without =
    subject.traces === 'none'
      ? 'It needs a client registered at the OP, which may stay there: allow that by --register'
      : 'why' in address
        ? `No client can be registered: ${address.why}`
        : undefined
  if (without !== undefined || metadata === undefined || 'why' in address) {
    for (const name of TRACE_QUESTIONS) recording.skip(name, without ?? 'No metadata of an OP was found')
    return
  }
  try {
    const site = clientSite([subject.origin, traces.baseUrl, traces.issuer], subject.origin)
    await register(address.url, site, metadata, traces)
    await askAsClients(site, metadata, traces)
  } finally {
    await removeClients(traces)
  }
}

const register = async (
  url: string,
  site: string,
  metadata: JsonObject,
  { subject, recording }: Traces,
): Promise<void> => {
  const headers = { 'accept': 'application/json', 'content-type': 'application/json' }
  await Promise.all([
    recording.ask('registration', {
      method: 'POST',
      url,
      headers: { ...headers, origin: subject.origin },
      body: { json: webClient(site, metadata) },
    }),
    recording.ask('registrationNative', { method: 'POST', url, headers, body: { json: nativeClient(site) } }),
  ])
}

interface Client extends Registered {
  readonly redirect: string
  /** Of a web client its origin; an app that is no web page has none. */
  readonly sends: Readonly<Record<string, string>>
  /** Where a web client wants its answer; a native one does not say, and reads the query. */
  readonly mode: Readonly<Record<string, string>>
}

const askAsClients = async (site: string, metadata: JsonObject, { subject, recording }: Traces): Promise<void> => {
  const { origin } = subject
  const web = clientOf(recording, 'registration', {
    redirect: webRedirect(site),
    mode: { response_mode: 'fragment' },
    sends: { origin },
  })
  const native = clientOf(recording, 'registrationNative', { redirect: NATIVE_REDIRECT, mode: {}, sends: {} })
  const first = web ?? native
  const at = async (
    name: QuestionName,
    member: string,
    client: Client | undefined,
    ask: (url: string, client: Client) => Promise<unknown>,
  ): Promise<void> => {
    const address = addressAt(metadata, member)
    if (client === undefined) recording.skip(name, 'It needs a registered client, and the OP registered none')
    else if ('why' in address) recording.skip(name, `It cannot be asked: ${address.why}`)
    else await ask(address.url, client)
  }
  const form = ({ sends }: Client) => ({ method: 'POST', headers: { ...sends, accept: 'application/json' } }) as const
  await Promise.all([
    at('authorizeStable', 'authorization_endpoint', first, (url, client) =>
      recording.ask('authorizeStable', authorization(url, client, STABLE_SCOPE)),
    ),
    at('authorizeUnstable', 'authorization_endpoint', native ?? web, (url, client) =>
      recording.ask('authorizeUnstable', authorization(url, client, UNSTABLE_SCOPE, { prompt: 'consent' })),
    ),
    at('revokeRegistered', 'revocation_endpoint', first, (url, client) =>
      recording.ask('revokeRegistered', {
        ...form(client),
        url,
        body: { form: { token: JUNK, token_type_hint: 'access_token', client_id: client.id } },
      }),
    ),
    at('deviceAuthorization', 'device_authorization_endpoint', first, (url, client) =>
      recording.ask('deviceAuthorization', {
        ...form(client),
        url,
        body: { form: { client_id: client.id, scope: QR_SCOPE } },
      }),
    ),
  ])
}

const clientOf = (
  recording: Recording,
  name: QuestionName,
  ways: Pick<Client, 'redirect' | 'mode' | 'sends'>,
): Client | undefined => {
  const registered = registeredBy(recording.asked(name))
  return registered === undefined ? undefined : { ...registered, ...ways }
}

/** @param more what one client sends beyond: Element X has the person consent each time */
const authorization = (
  url: string,
  { id, redirect, mode }: Client,
  scope: string,
  more: Readonly<Record<string, string>> = {},
) => {
  const state = randomBytes(16).toString('base64url')
  const verifier = randomBytes(32).toString('base64url')
  const parameters = {
    response_type: 'code',
    client_id: id,
    redirect_uri: redirect,
    scope,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...mode,
    ...more,
  }
  return { method: 'GET', url: withParameters(url, parameters), redirects: 'shown', secrets: [state] } as const
}

const removeClients = async ({ recording, cleanUp }: Traces): Promise<void> => {
  await Promise.all(
    REMOVALS.map(async ([registration, removal]) => {
      const client = registeredBy(recording.asked(registration))
      if (client === undefined) recording.skip(removal, 'There is no client of ours to take away')
      else if (client.removal === undefined)
        recording.skip(removal, 'The OP gives no way to take a client away (RFC 7592)')
      else {
        const { url, token } = client.removal
        await recording.by(cleanUp, removal, { method: 'DELETE', url, headers: bearer(token), secrets: [token] })
      }
    }),
  )
}
