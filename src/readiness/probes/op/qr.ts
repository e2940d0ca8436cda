import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence } from '../../evidence.ts'
import { DEVICE_GRANT } from '../../gather/client-bodies.ts'
import type { Answer } from '../../http/exchange.ts'
import { listed } from '../../listed.ts'
import { hostKind } from '../../this-machine.ts'
import type { Judgement, Probe } from '../probe.ts'
import { judgedDocument, listField, textField } from './documents.ts'
import { kindOf, type OpKind, upstreamHint } from './kind.ts'
import { answerWords, errorOf, exchangeWords, member, noDocument, notAsked, shortened } from './saying.ts'

const ENDPOINT = 'device_authorization_endpoint'

const GRANT_REMEDIES: Readonly<Partial<Record<OpKind, string>>> = {
  MAS: "`oauth.device_code_grant_enabled: true` in MAS's configuration (the default since it is there), then restart Synapse, which keeps the old document.",
}

const judgeGrant = (evidence: Evidence): Judgement => {
  const document = judgedDocument(evidence)
  if (document === undefined) return noDocument(evidence)
  const grants = listField(document, 'grant_types_supported')
  const endpoint = textField(document, ENDPOINT)
  const faults: readonly ReadinessFault[] = [
    ...(endpoint === undefined ? [{ field: ENDPOINT, what: 'is missing', breaks: [] }] : []),
    ...(grants?.includes(DEVICE_GRANT) === true
      ? []
      : [
          {
            field: 'grant_types_supported',
            what: grants === undefined ? `is not said, and so has no ${DEVICE_GRANT}` : `has no ${DEVICE_GRANT}`,
            breaks: [],
          },
        ]),
  ]
  if (faults.length === 0) return { result: 'pass', seen: `${endpoint}, and its grant` }
  const kind = kindOf(evidence)
  return {
    result: 'fail',
    seen: listed(faults.map(({ field, what }) => `${field} ${what}`)),
    faults,
    remedy: [
      (kind === undefined ? undefined : GRANT_REMEDIES[kind]) ??
        (grants === undefined
          ? 'Have the OP say its grants: without `grant_types_supported` it has authorization_code and implicit alone (RFC 8414 §2).'
          : 'Allow the device grant (RFC 8628) at the OP.'),
      ...upstreamHint(kind),
    ],
  }
}

const grant: Probe = {
  code: 'QR_GRANT',
  part: 'op',
  title: 'The OP has the device grant, by which a QR code logs a new device in',
  spec: 'RFC 8628; MSC4341, Matrix 1.18',
  stability: 'stable',
  level: 'warning',
  why: 'Element X and Element Web: "QR code not supported – Your account provider doesn\'t support signing into a new device with a QR code."',
  judge: judgeGrant,
}

const NEEDED = ['device_code', 'user_code', 'verification_uri'] as const

const isPage = (address: string): boolean => {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && hostKind(url) !== 'unspecified'
}

const codeFaults = ({ json }: Answer): readonly ReadinessFault[] => {
  const breaks = ['element-x', 'element-web']
  const page = member(json, 'verification_uri')
  const expires = member(json, 'expires_in')
  return [
    ...NEEDED.flatMap((field) =>
      typeof member(json, field) === 'string' ? [] : [{ field, what: 'is missing', breaks }],
    ),
    ...(typeof page !== 'string' || isPage(page)
      ? []
      : [{ field: 'verification_uri', what: 'is no page that people can open', seen: shortened(page), breaks }]),
    ...(typeof expires === 'number' && expires > 0
      ? []
      : [{ field: 'expires_in', what: 'is no number of seconds to come', breaks }]),
  ]
}

const judgeDevice = (evidence: Evidence): Judgement => {
  if (judgedDocument(evidence) === undefined) return noDocument(evidence)
  const exchange = evidence.asked.deviceAuthorization
  if (exchange === undefined) return notAsked(evidence, 'deviceAuthorization')
  const { answer } = exchange
  const remedy = [
    errorOf(answer?.json) === 'invalid_scope'
      ? 'The grant itself was not refused, but the scopes of Matrix: SCOPE_STABLE says more.'
      : 'Allow the device grant for clients that register themselves: QR_GRANT and REGISTRATION say more.',
  ]
  if (answer === undefined || answer.status !== 200) {
    return { result: 'fail', seen: exchangeWords(exchange), remedy }
  }
  const faults = codeFaults(answer)
  if (faults.length > 0) {
    return {
      result: 'fail',
      seen: `${answerWords(answer)}; ${listed(faults.map(({ field, what }) => `${field} ${what}`))}`,
      faults,
      remedy: [
        faults.some(({ field, seen }) => field === 'verification_uri' && seen !== undefined)
          ? 'Have the OP know the address by which people reach it: of MAS `http.public_base` in its configuration.'
          : 'Update the OP: RFC 8628 §3.2 asks for these members.',
      ],
    }
  }
  const complete = typeof member(answer.json, 'verification_uri_complete') === 'string'
  return {
    result: 'pass',
    seen: complete
      ? 'A code was given, and an address that has it in it.'
      : `A code was given, without verification_uri_complete: people type the code.${kindOf(evidence) === 'MAS' ? " `oauth.device_code_user_code_auto_fill_enabled: true` in MAS's configuration spares them." : ''}`,
  }
}

const device: Probe = {
  code: 'QR_DEVICE',
  part: 'op',
  title: 'A client that registered itself is given a code for a new device',
  spec: 'RFC 8628 §3.2; MSC4341, Matrix 1.18',
  stability: 'stable',
  level: 'warning',
  why: 'Logging in by QR code ends with an error after the code was scanned.',
  traces: 'A code for a device that nobody uses. The OP forgets it when it ends, after 5 to 20 minutes.',
  judge: judgeDevice,
}

export const QR_GRANT_PROBES: readonly Probe[] = [grant]
export const QR_DEVICE_PROBES: readonly Probe[] = [device]
