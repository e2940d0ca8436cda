import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence } from '../../evidence.ts'
import { DEVICE_GRANT } from '../../gather/client-bodies.ts'
import type { Answer, Exchange } from '../../http/exchange.ts'
import { listed } from '../../listed.ts'
import type { ClientId, Judgement, Probe } from '../probe.ts'
import { judgedDocument, textField } from './documents.ts'
import { kindOf, type OpKind, upstreamHint } from './kind.ts'
import { exchangeWords, member, noDocument, notAsked, shortened } from './saying.ts'

const NEEDED_GRANTS = ['authorization_code', 'refresh_token'] as const

const REFUSED: Readonly<Partial<Record<OpKind, string>>> = {
  MAS: "See `policy.data.client_registration` in MAS's configuration: what it forbids stands in the answer.",
  Tuwunel:
    'In tuwunel.toml leave out `oidc_registration_access_token` and the list of allowed hosts: apps have no token to register with.',
  Keycloak:
    'In the realm: Clients > Client registration > Anonymous access policies: Trusted Hosts has to have the host of each app, or to go; Max Clients Limit to be large enough.',
  Okta: 'Okta registers nobody without an API token: apps have none. There is no switch for it.',
  Auth0:
    'In the dashboard: Settings > Advanced > Dynamic Client Registration (`enable_dynamic_client_registration`), and a connection that is a domain-level one.',
}

/** Keycloak looks at the web origin first: what else it would refuse is not known yet. */
const originRefused = (words: string, url: string): Judgement => ({
  result: 'fail',
  seen: `${words}: web clients may not register`,
  faults: [{ field: 'registration_endpoint', what: `answers ${words}`, seen: url, breaks: ['element-web'] }],
  remedy: [
    'In the realm: Clients > Client registration > Anonymous access policies > Allowed Registration Web Origins: add the origin of each web client.',
    ...upstreamHint('Keycloak'),
  ],
})

const refusal = (evidence: Evidence, exchange: Exchange, breaks: readonly ClientId[]): Judgement => {
  const kind = kindOf(evidence)
  const known = kind === undefined ? undefined : REFUSED[kind]
  const words = exchangeWords(exchange)
  const status = exchange.answer?.status
  if (exchange.answer?.text.includes('Invalid origin') === true) return originRefused(words, exchange.question.url)
  const other =
    status === 404 || status === 405
      ? 'Switch on dynamic client registration at the OP, or see where the proxy sends the registration endpoint.'
      : 'Have the OP register clients without a token (RFC 7591): MSC2966 asks for it.'
  return {
    result: 'fail',
    seen: words,
    faults: [{ field: 'registration_endpoint', what: `answers ${words}`, seen: exchange.question.url, breaks }],
    remedy: [known ?? other, ...upstreamHint(kind)],
  }
}

const stringsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined

/** What of the answer a client does not take, or what the OP made of the client that clients do not go by. */
const echoFaults = (answer: Answer, breaks: readonly ClientId[]): readonly ReadinessFault[] => {
  const { json } = answer
  const id = member(json, 'client_id')
  const method = member(json, 'token_endpoint_auth_method')
  const grants = stringsOf(member(json, 'grant_types'))
  const lost = NEEDED_GRANTS.filter((grant) => grants !== undefined && !grants.includes(grant))
  return [
    ...(typeof id === 'string' && id !== ''
      ? []
      : [{ field: 'client_id', what: 'is missing or no text', breaks: ['element-x', 'element-web', 'fluffychat'] }]),
    ...(typeof member(json, 'client_uri') === 'string'
      ? []
      : [{ field: 'client_uri', what: 'is not repeated in the answer', breaks: ['fluffychat'] }]),
    ...(method === undefined || method === 'none'
      ? []
      : [
          {
            field: 'token_endpoint_auth_method',
            what: 'is not none: apps keep no secret',
            seen: shortened(JSON.stringify(method)),
            breaks,
          },
        ]),
    ...(lost.length === 0
      ? []
      : [{ field: 'grant_types', what: `lost ${listed(lost)}`, seen: (grants ?? []).join(', '), breaks }]),
  ]
}

/** As Element X compares it. */
const JSON_TYPE = /^application\/json/iu

const contentFault = (answer: Answer): readonly ReadinessFault[] => {
  const type = answer.headers['content-type']
  return type === undefined || JSON_TYPE.test(type)
    ? []
    : [{ field: 'content-type', what: 'is not application/json', seen: type, breaks: ['element-x'] }]
}

const accepted = (evidence: Evidence, answer: Answer, breaks: readonly ClientId[]): Judgement => {
  const faults = [...contentFault(answer), ...echoFaults(answer, breaks)]
  const grants = stringsOf(member(answer.json, 'grant_types'))
  const noQr =
    grants !== undefined && !grants.includes(DEVICE_GRANT) && kindOf(evidence) !== 'Tuwunel'
      ? ' Without the device grant: no login by QR code.'
      : ''
  if (faults.length > 0) {
    return {
      result: 'fail',
      seen: `${answer.status}; ${faults.map(({ field, what }) => `${field} ${what}`).join('; ')}`,
      faults,
      remedy: [
        'Have the OP register public clients as they ask, and answer with all that it registered (RFC 7591 §3.2.1).',
        ...upstreamHint(kindOf(evidence)),
      ],
      ...(faults.some(({ breaks: by }) => breaks.some((client) => by.includes(client))) ? {} : { level: 'warning' }),
    }
  }
  if (answer.status !== 201) {
    return {
      result: 'fail',
      seen: `${answer.status} in place of 201; every client takes it.${noQr}`,
      remedy: ['Nothing at once: MSC2966 asks for 201, and a newer OP may answer so.'],
      level: 'info',
    }
  }
  const upstream = upstreamHint(kindOf(evidence))
    .map((hint) => ` ${hint}`)
    .join('')
  return { result: 'pass', seen: `201 with a client_id.${noQr}${upstream}` }
}

const judge =
  (question: 'registration' | 'registrationNative', breaks: readonly ClientId[]): Probe['judge'] =>
  (evidence) => {
    const document = judgedDocument(evidence)
    if (document === undefined) return noDocument(evidence)
    const exchange = evidence.asked[question]
    if (exchange === undefined) {
      const isNamed = textField(document, 'registration_endpoint') !== undefined
      return notAsked(evidence, question, isNamed ? ['Allow it to leave a client behind: --register'] : [])
    }
    const { answer } = exchange
    const isTaken = answer !== undefined && (answer.status === 200 || answer.status === 201)
    if (!isTaken) return refusal(evidence, exchange, breaks)
    if (answer.json === undefined) return refusal(evidence, exchange, breaks)
    return accepted(evidence, answer, breaks)
  }

const WHERE_IT_STAYS =
  'Where the OP gives an address to delete it (RFC 7592), syn2op does so. MAS, Tuwunel and continuwuity give none, and a record stays: at MAS and Tuwunel one, however often it is asked.'

const web: Probe = {
  code: 'REGISTRATION',
  part: 'op',
  title: 'A web client registers itself, without a token and without a secret',
  spec: 'RFC 7591; MSC2966, Matrix 1.15',
  stability: 'stable',
  level: 'error',
  why: 'Element Web falls back to the legacy login, or shows "This homeserver doesn\'t offer any login flows that are supported by this client." FluffyChat wants `client_uri` in the answer: "Oops, something went wrong…"',
  traces: `A client by the name of "syn2op readiness". ${WHERE_IT_STAYS}`,
  judge: judge('registration', ['element-web']),
}

const native: Probe = {
  code: 'REGISTRATION_NATIVE',
  part: 'op',
  title: 'An app on a phone or a desktop registers itself, without a token and without a secret',
  spec: 'RFC 7591, RFC 8252; MSC2966, Matrix 1.15',
  stability: 'stable',
  level: 'error',
  why: 'Element X after Continue: "An error occurred: client registration failed: …" on Android, "Sorry, an error occurred" on iOS.',
  traces: `A client by the name of "syn2op readiness", of the kind native. ${WHERE_IT_STAYS}`,
  judge: judge('registrationNative', ['element-x', 'fluffychat']),
}

export const REGISTRATION_PROBES: readonly Probe[] = [web, native]
