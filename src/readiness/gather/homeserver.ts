import type { Evidence, QuestionName } from '../evidence.ts'
import type { Question } from '../http/exchange.ts'
import type { Subject } from '../subject.ts'
import { isPrivate } from './addresses.ts'
import { type BaseUrl, baseUrlOf } from './base-url.ts'
import { bearer, JUNK, JUNK_USER, unheardOf } from './junk.ts'
import type { Recording } from './recording.ts'
import { NO_SYNAPSE_CONFIG, OVER_HTTP } from './secret-words.ts'

const CLIENT = '/_matrix/client'
const UNSTABLE = `${CLIENT}/unstable/org.matrix.msc2965`
const IS_AVAILABLE = '/_synapse/mas/is_localpart_available'

/** Everything that is asked of the homeserver, but .well-known. */
const HOMESERVER_QUESTIONS = [
  'versions',
  'serverVersion',
  'metadataStable',
  'metadataUnstable',
  'authIssuer',
  'login',
  'logout',
  'refresh',
  'registerAvailable',
  'whoami',
  'preflight',
  'masApi',
  'masApiSecret',
  'capabilities',
  'rendezvous',
] as const satisfies readonly QuestionName[]

export interface HomeserverAsked {
  readonly baseUrl?: string
  readonly applicationServices: Evidence['applicationServices']
}

/** Asks the homeserver everything, in the name of a web client. @throws the signal's reason */
export const askHomeserver = async (subject: Subject, recording: Recording): Promise<HomeserverAsked> => {
  await askWellKnown(subject, recording)
  const base = baseUrlOf(subject, recording.asked('wellKnownClient'))
  if ('why' in base) {
    for (const name of HOMESERVER_QUESTIONS) recording.skip(name, base.why)
    return { applicationServices: unasked(subject, base.why) }
  }
  const [, , applicationServices] = await Promise.all([
    askOpenly(subject, base, recording),
    askWithSecrets(subject, base, recording),
    askApplicationServices(subject, base, recording),
  ])
  return { baseUrl: base.url, applicationServices }
}

const askWellKnown = async ({ serverName, baseUrl, origin }: Subject, recording: Recording): Promise<void> => {
  if (serverName !== undefined) {
    await recording.ask('wellKnownClient', {
      method: 'GET',
      url: `https://${serverName}/.well-known/matrix/client`,
      headers: { origin },
      redirects: 'followed',
    })
  } else if (baseUrl === undefined) {
    recording.skip(
      'wellKnownClient',
      'No homeserver was given: name one, by its server name or its URL, to have it asked',
    )
  } else {
    recording.skip(
      'wellKnownClient',
      'Only the URL of the homeserver was given, and .well-known lies at its name: give the part of its Matrix ids behind the colon to have it asked',
    )
  }
}

type Found = Extract<BaseUrl, { readonly url: string }>

const askOpenly = async ({ origin }: Subject, { url }: Found, recording: Recording): Promise<unknown> => {
  const get = (path: string): Question => ({
    method: 'GET',
    url: `${url}${path}`,
    headers: { origin },
    redirects: 'followed',
  })
  return Promise.all([
    recording.ask('versions', get(`${CLIENT}/versions`)),
    recording.ask('serverVersion', { method: 'GET', url: `${url}/_matrix/federation/v1/version` }),
    recording.ask('metadataStable', get(`${CLIENT}/v1/auth_metadata`)),
    recording.ask('metadataUnstable', get(`${UNSTABLE}/auth_metadata`)),
    recording.ask('authIssuer', get(`${UNSTABLE}/auth_issuer`)),
    recording.ask('login', get(`${CLIENT}/v3/login`)),
    recording.ask('logout', {
      method: 'POST',
      url: `${url}${CLIENT}/v3/logout`,
      headers: { origin, ...bearer(JUNK) },
      body: { json: {} },
    }),
    recording.ask('refresh', {
      method: 'POST',
      url: `${url}${CLIENT}/v3/refresh`,
      headers: { origin },
      body: { json: { refresh_token: JUNK } },
    }),
    recording.ask('registerAvailable', get(`${CLIENT}/v3/register/available?username=${JUNK_USER}`)),
    recording.ask('whoami', {
      method: 'GET',
      url: `${url}${CLIENT}/v3/account/whoami`,
      headers: { origin, ...bearer(unheardOf()) },
    }),
    recording.ask('preflight', {
      method: 'OPTIONS',
      url: `${url}${CLIENT}/v3/account/whoami`,
      headers: {
        origin,
        // By which messages are sent: that a GET may be sent says nothing of it.
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization',
      },
    }),
    recording.ask('masApi', { method: 'GET', url: `${url}${IS_AVAILABLE}?localpart=${JUNK_USER}` }),
  ])
}

const askWithSecrets = async (subject: Subject, { url }: Found, recording: Recording): Promise<unknown> => {
  const { accessToken, masSecret, origin } = subject
  const sendable = isPrivate(url, subject.baseUrl)
  const secretly = async (
    name: QuestionName,
    path: string,
    secret: string | undefined,
    missing: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    if (secret === undefined) return recording.skip(name, missing)
    if (!sendable) return recording.skip(name, OVER_HTTP)
    const question = { method: 'GET', url: `${url}${path}`, headers: { ...headers, ...bearer(secret) } } as const
    await recording.ask(name, { ...question, secrets: [secret] })
  }
  const rendezvous = `${CLIENT}/unstable/io.element.msc4388/rendezvous`
  return Promise.all([
    secretly('masApiSecret', IS_AVAILABLE, masSecret, NO_SYNAPSE_CONFIG),
    secretly(
      'capabilities',
      `${CLIENT}/v3/capabilities`,
      accessToken,
      'It needs the access token of a user: put one into a file, and name that by --token-file',
      { origin },
    ),
    accessToken !== undefined && sendable
      ? secretly('rendezvous', rendezvous, accessToken, '', { origin })
      : recording.ask('rendezvous', { method: 'GET', url: `${url}${rendezvous}`, headers: { origin } }),
  ])
}

/** @param why one sentence, without its full stop */
const unasked = ({ applicationServices = [] }: Subject, why: string): Evidence['applicationServices'] =>
  applicationServices.map(({ id, msc4190 }) => ({ id, msc4190, notAsked: `${why}.` }))

const askApplicationServices = async (
  subject: Subject,
  { url }: Found,
  recording: Recording,
): Promise<Evidence['applicationServices']> => {
  if (!isPrivate(url, subject.baseUrl)) return unasked(subject, OVER_HTTP)
  return Promise.all(
    (subject.applicationServices ?? []).map(async ({ id, token, msc4190 }) => ({
      id,
      msc4190,
      exchange: await recording.aside({
        method: 'GET',
        url: `${url}${CLIENT}/v3/account/whoami`,
        headers: bearer(token),
        secrets: [token],
      }),
    })),
  )
}
