import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence } from '../../evidence.ts'
import { isOtherOp } from '../../metadata/accepted.ts'
import { faultWords } from '../../metadata/fault-words.ts'
import { markFaults, nameFaults, writtenRemedies } from '../../metadata/written-faults.ts'
import { mayHaveMas } from '../homeserver-saying.ts'
import type { Judgement, Probe } from '../probe.ts'
import { homeserverDocument, ownDocument, textField } from './documents.ts'
import { isUpstreamOnly, kindOf } from './kind.ts'
import { exchangeWords, noDocument, notAsked, shortened } from './saying.ts'

const OF_OPENID = '/.well-known/openid-configuration'

const unread = (evidence: Evidence, issuer: string): Judgement => {
  const { opConfiguration, opOauthMetadata } = evidence.asked
  if (opConfiguration === undefined) return notAsked(evidence, 'opConfiguration')
  const refused = opConfiguration.answer ?? opOauthMetadata?.answer
  return {
    result: 'fail',
    seen: [
      `openid-configuration: ${exchangeWords(opConfiguration)}`,
      ...(opOauthMetadata === undefined ? [] : [`oauth-authorization-server: ${exchangeWords(opOauthMetadata)}`]),
    ].join('; '),
    remedy: [
      refused === undefined
        ? `Have ${issuer} answer from here: is the OP running, and does its name lead to it?`
        : `Serve ${issuer.replace(/\/$/u, '')}${OF_OPENID} as JSON with status 200: see where the proxy before the OP sends this path.`,
      ...(evidence.issuerFrom === 'given'
        ? ['Or the issuer is another one: it is given byte by byte, --op ISSUER']
        : []),
    ],
  }
}

const isSlashApart = (one: string, other: string): boolean =>
  one !== other && one.replace(/\/$/u, '') === other.replace(/\/$/u, '')

const otherIssuerRemedy = (evidence: Evidence, calls: string | undefined): readonly string[] => {
  if (evidence.issuerFrom !== 'homeserver')
    return [calls === undefined ? 'Have the OP name its issuer.' : `Ask for it as it calls itself: --op ${calls}`]
  return mayHaveMas(evidence)
    ? [
        "Restart every process of Synapse: each keeps MAS's document as it was when it first read it.",
        "Else set `http.issuer` in MAS's configuration to what the homeserver says, or have the homeserver say what the OP says.",
      ]
    : [
        "Have the homeserver say what the OP says, byte by byte: see where the homeserver's configuration has its address.",
      ]
}

const otherIssuer = (evidence: Evidence, issuer: string, own: unknown): Judgement => {
  const calls = typeof own === 'string' ? own : undefined
  const slash = calls !== undefined && isSlashApart(calls, issuer) ? ' They differ by the slash at the end alone.' : ''
  const by = evidence.issuerFrom === 'homeserver' ? 'The homeserver calls it' : 'It was asked for as'
  return {
    result: 'fail',
    seen: `The OP calls itself ${calls === undefined ? 'by no issuer' : shortened(calls)}. ${by} ${issuer}.${slash}`,
    faults: [
      {
        field: 'issuer',
        what: calls === undefined ? 'is missing' : `is not ${issuer}, byte by byte`,
        ...(calls === undefined ? {} : { seen: shortened(calls) }),
        breaks: [],
      },
    ],
    remedy: otherIssuerRemedy(evidence, calls),
  }
}

/** What Synapse, which reads it from MAS, and others make of how it is written; of a homeserver's own OP nobody today reads it. */
const writtenOtherwise = (evidence: Evidence, place: string, text: string): Judgement | undefined => {
  const marks = markFaults(place, text)
  // Clients read what the homeserver writes anew.
  const faults = [...marks, ...nameFaults(text)].map((fault) => ({ ...fault, breaks: [] }))
  if (faults.length === 0) return undefined
  const isLost = marks.length > 0 && kindOf(evidence) === 'MAS'
  return {
    result: 'fail',
    seen: `${faultWords(faults)}: ${isLost ? 'Synapse, once restarted, reads nothing of it' : 'not everybody reads it alike'}`,
    faults,
    remedy: writtenRemedies(faults),
    ...(isLost ? {} : { level: 'warning' as const }),
  }
}

const discovery: Probe = {
  code: 'OP_DISCOVERY',
  part: 'op',
  title: 'The OP describes itself where its issuer says, and calls itself by just this issuer',
  spec: 'OpenID Connect Discovery 1.0 §4, RFC 8414 §3',
  stability: 'stable',
  level: 'error',
  why: 'Synapse reads it from MAS before the first token, and answers 500 or 503 without it. Element Web before matrix-js-sdk 42 reads it at each login, and shows "Your Element is misconfigured". An issuer that differs by one byte, such as a slash at the end, is another OP: tokens of it are refused by whoever compares it.',
  judge: (evidence) => {
    const { issuer } = evidence
    if (issuer === undefined) return noDocument(evidence)
    const own = ownDocument(evidence)
    if (own === undefined) return unread(evidence, issuer)
    const calls = Object.hasOwn(own.document, 'issuer') ? own.document['issuer'] : undefined
    if (calls !== issuer) return otherIssuer(evidence, issuer, calls)
    const name = own.from === 'opConfiguration' ? 'openid-configuration' : 'oauth-authorization-server'
    const otherwise = writtenOtherwise(evidence, name, evidence.asked[own.from]?.answer?.text ?? '')
    if (otherwise !== undefined) return otherwise
    const kind = kindOf(evidence)
    const isUntold = evidence.asked.opConfiguration === undefined
    const alone = isUntold ? '' : ' alone'
    const place = own.from === 'opConfiguration' ? name : `${name}${alone}`
    const upstream = isUpstreamOnly(kind)
      ? ` This is ${kind}: it serves behind MAS, or behind Synapse's oidc_providers; no homeserver takes its tokens.`
      : ''
    const older =
      own.from === 'opConfiguration' || isUntold
        ? ''
        : ' Element Web before matrix-js-sdk 42 asks for openid-configuration.'
    return { result: 'pass', seen: `${place}, issuer ${issuer}.${upstream}${older}` }
  },
}

/** Equal as JSON; lists of plain values are sets, and the order of members says nothing. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
    return `{${members.toSorted().join(',')}}`
  }
  return JSON.stringify(value) ?? 'undefined'
}

/** Fields without which, or by which, people log in. The others are of the OP's inside, or of keys. */
const OF_LOGIN: ReadonlySet<string> = new Set([
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'registration_endpoint',
  'response_types_supported',
  'response_modes_supported',
  'grant_types_supported',
  'code_challenge_methods_supported',
  'device_authorization_endpoint',
])

const json = (value: unknown): string => shortened(JSON.stringify(value) ?? 'nothing')

const differences = (
  said: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): readonly ReadinessFault[] =>
  [...new Set([...Object.keys(own), ...Object.keys(said)])].flatMap((field) => {
    const isSaid = Object.hasOwn(said, field)
    const isOwn = Object.hasOwn(own, field)
    if (isSaid && isOwn && canonical(said[field]) === canonical(own[field])) return []
    const breaks = OF_LOGIN.has(field) ? ['element-x', 'element-web', 'fluffychat'] : []
    if (!isSaid) return [{ field, what: `is not said by the homeserver; the OP says ${json(own[field])}`, breaks }]
    const what = isOwn ? `is ${json(own[field])} at the OP itself` : 'is not said by the OP itself'
    return [{ field, what, seen: json(said[field]), breaks }]
  })

const stale = (
  evidence: Evidence,
  homeserverIssuer: string | undefined,
  faults: readonly ReadinessFault[],
): Judgement => ({
  result: 'fail',
  seen: `${faults.length === 1 ? '1 field differs' : `${faults.length} fields differ`}: ${shortened(faults.map(({ field }) => field).join(', '))}`,
  faults,
  remedy: [
    ...(mayHaveMas(evidence)
      ? ["Restart every process of Synapse: each keeps MAS's document for its life, as it was when it first read it."]
      : ['Have the homeserver say what the OP says, and see that no cache is before either.']),
    `Where it differs still, see whether a proxy keeps or changes one of the two: the homeserver's auth_metadata, or ${(homeserverIssuer ?? '').replace(/\/$/u, '')}${OF_OPENID}`,
  ],
  ...(faults.every(({ breaks }) => breaks.length === 0) ? { level: 'warning' as const } : {}),
})

const ofAnother = (evidence: Evidence, said: string): Judgement => ({
  result: 'fail',
  seen: `The homeserver works with ${shortened(said)}, not with ${evidence.issuer}.`,
  faults: [
    {
      field: 'issuer',
      what: `is not ${evidence.issuer}`,
      seen: shortened(said),
      breaks: ['element-x', 'element-web', 'fluffychat'],
    },
  ],
  remedy: [
    `Ask for the homeserver's own OP: leave out --op, or give --op ${shortened(said)}`,
    'Or have the homeserver delegate to this one: `matrix_authentication_service.endpoint` in homeserver.yaml, then restart Synapse.',
  ],
})

const same: Probe = {
  code: 'OP_SAME',
  part: 'both',
  title: 'The homeserver says of the OP what the OP says of itself, field by field',
  spec: 'MSC2965, Matrix 1.15',
  stability: 'stable',
  level: 'error',
  why: "Clients go by what the homeserver says. Synapse keeps MAS's document for its life: after MAS's address or settings changed, clients are sent to where MAS was, or do not see what it can do now.",
  judge: (evidence) => {
    const said = homeserverDocument(evidence)
    if (said === undefined) {
      return { result: 'not asked', seen: 'The homeserver says nothing of an OP: there is nothing to compare.' }
    }
    const issuer = textField(said, 'issuer')
    if (issuer !== undefined && isOtherOp(evidence)) return ofAnother(evidence, issuer)
    const own = ownDocument(evidence)
    if (own === undefined) return noDocument(evidence)
    const faults = differences(said, own.document)
    return faults.length === 0
      ? { result: 'pass', seen: `All ${Object.keys(own.document).length} fields are the same.` }
      : stale(evidence, evidence.issuer, faults)
  },
}

export const DISCOVERY_PROBES: readonly Probe[] = [discovery, same]
