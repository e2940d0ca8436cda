import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'
import { ONCE_ALONE, unreadable } from '../http/web-reader.ts'
import { acceptedMetadata } from '../metadata/accepted.ts'
import { wellKnownOp } from '../metadata/oauth-signs.ts'
import { errcodeOf, memberOf, objectOf } from '../metadata/reading.ts'
import { WELL_KNOWN_PATH, wellKnownFaults } from '../metadata/well-known-faults.ts'
import { writtenRemedies } from '../metadata/written-faults.ts'
import { SEE_MAS_FROM_SYNAPSE } from './homeserver-remedies.ts'
import { answerTrouble, exchangeSaid, homeserverName, notConcerned, said } from './homeserver-saying.ts'
import { notAsked, shortened } from './op/saying.ts'
import type { ClientId, Judgement, Probe } from './probe.ts'

const EVERY_CLIENT = ['element-x', 'element-web', 'fluffychat', 'aware', 'legacy-password', 'legacy-sso'] as const

const addressOf = (evidence: Evidence): string => `https://${evidence.serverName}${WELL_KNOWN_PATH}`

/** Without it, clients look for the homeserver at the server name itself. */
const isAtServerName = (evidence: Evidence): boolean => evidence.baseUrl === `https://${evidence.serverName}`

/** Where the homeserver is at the server name, Element X and FluffyChat find it there, whatever stands at .well-known. */
const lost = (evidence: Evidence): readonly ClientId[] =>
  isAtServerName(evidence)
    ? EVERY_CLIENT.filter((client) => client !== 'element-x' && client !== 'fluffychat')
    : EVERY_CLIENT

const FOUND_AT_NAME = 'Element X and FluffyChat find the homeserver at the server name itself, other apps do not'

const toWrite = (evidence: Evidence): readonly string[] => [
  `Answer 200 at ${addressOf(evidence)}, with the headers content-type: application/json and access-control-allow-origin: *, and:`,
  JSON.stringify({ 'm.homeserver': { base_url: evidence.baseUrl ?? 'https://matrix.example.org' } }),
]

const fault = (what: string, value: unknown, breaks: readonly string[]): ReadinessFault => ({
  field: 'm.homeserver.base_url',
  what,
  ...(value === undefined ? {} : { seen: shortened(JSON.stringify(value) ?? '') }),
  breaks,
})

const baseUrlFault = (evidence: Evidence, value: unknown): ReadinessFault | undefined => {
  if (value === undefined) return fault('is missing', value, lost(evidence))
  if (typeof value !== 'string') return fault('is no string', value, lost(evidence))
  const url = URL.parse(value)
  if (url === null) return fault('is no URL with scheme and host', value, EVERY_CLIENT)
  if (url.protocol !== 'https:') return fault('is no https URL', value, ['element-x', 'element-web'])
  const named = value.replace(/\/+$/u, '')
  return evidence.baseUrl === undefined || named === evidence.baseUrl
    ? undefined
    : fault(`is another homeserver than the one that was asked, ${evidence.baseUrl}`, value, [])
}

/** Told where some find their way all the same; else it concerns everybody. */
const unreadFault = (evidence: Evidence, what: string): { readonly faults?: readonly ReadinessFault[] } =>
  isAtServerName(evidence) ? { faults: [{ field: WELL_KNOWN_PATH, what, breaks: lost(evidence) }] } : {}

/** Of a document that it cannot read, Element X takes the server name for the homeserver's. */
const writtenFaults = (evidence: Evidence, { text, json }: Answer): readonly ReadinessFault[] => {
  const faults = wellKnownFaults(text, Object.keys(objectOf(json) ?? {}))
  return isAtServerName(evidence) ? faults.map((found) => ({ ...found, breaks: [] })) : faults
}

const writtenWords = (evidence: Evidence, faults: readonly ReadinessFault[]): readonly string[] => {
  if (faults.length === 0) return []
  const words = faults.map(({ field, what }) => `${field} ${what}`).join('; ')
  return isAtServerName(evidence)
    ? [`${words}: Element X reads nothing of it, and finds the homeserver at the server name itself`]
    : [
        `${words}: Element X reads nothing of it, and says "Server isn't available due to an issue in the .well-known file"`,
      ]
}

const judgeDocument = (evidence: Evidence, answer: Answer): Judgement => {
  const document = objectOf(answer.json)
  if (document === undefined) {
    return {
      result: 'fail',
      seen: isAtServerName(evidence)
        ? `${said(answer)}: no JSON object. ${FOUND_AT_NAME}`
        : `${said(answer)}: no JSON object. Element X says "Server isn't available due to an issue in the .well-known file"`,
      ...unreadFault(evidence, 'is no JSON object'),
      remedy: toWrite(evidence),
    }
  }
  const found = baseUrlFault(evidence, memberOf(objectOf(memberOf(document, 'm.homeserver')), 'base_url'))
  if (found !== undefined) {
    return {
      result: 'fail',
      seen: `${found.field} ${found.what}`,
      faults: [found],
      remedy: toWrite(evidence),
      // Whoever was asked, clients find a homeserver.
      ...(found.breaks.length === 0 ? { level: 'warning' as const } : {}),
    }
  }
  const written = writtenFaults(evidence, answer)
  const hidden = unreadable(answer, evidence.origin)
  if (hidden !== undefined) {
    return {
      result: 'fail',
      seen: [...writtenWords(evidence, written), `${evidence.origin} cannot read it: it ${hidden.what}`].join('; '),
      faults: [
        ...written,
        {
          field: WELL_KNOWN_PATH,
          what: hidden.what,
          ...(hidden.seen === undefined ? {} : { seen: hidden.seen }),
          breaks: ['element-web'],
        },
      ],
      remedy: [
        ...writtenRemedies(written),
        hidden.why === 'twice'
          ? ONCE_ALONE
          : 'Send the header access-control-allow-origin: * with it, and with each redirection to it. For nginx: add_header Access-Control-Allow-Origin * always;',
      ],
    }
  }
  if (written.length > 0) {
    return {
      result: 'fail',
      seen: writtenWords(evidence, written).join(''),
      faults: written,
      remedy: writtenRemedies(written),
      ...(isAtServerName(evidence) ? { level: 'warning' as const } : {}),
    }
  }
  return { result: 'pass', seen: `leads to ${evidence.baseUrl ?? 'the homeserver'}` }
}

/** The setting with which the homeserver serves it itself. */
const servedBy = (evidence: Evidence): readonly string[] => {
  const { baseUrl } = evidence
  if (baseUrl === undefined) return []
  const name = homeserverName(evidence)
  if (name === 'Tuwunel')
    return [`Tuwunel serves it itself where tuwunel.toml has [global.well_known] client = "${baseUrl}"`]
  return name === undefined || name === 'Synapse'
    ? [`Synapse serves it itself where homeserver.yaml has public_baseurl: ${baseUrl}/`]
    : []
}

const judge = (evidence: Evidence): Judgement => {
  const exchange = evidence.asked.wellKnownClient
  if (exchange === undefined)
    return notAsked(
      evidence,
      'wellKnownClient',
      // Of an OP alone the reason says it all.
      evidence.baseUrl === undefined ? [] : ['Name the server instead of an address, or add --server-name NAME.'],
    )
  if (exchange.answer?.status === 404 && isAtServerName(evidence)) {
    return {
      result: 'pass',
      seen: 'there is none, and the homeserver is at the server name itself, where clients look then',
    }
  }
  if (exchange.answer?.status === 200) return judgeDocument(evidence, exchange.answer)
  const { answer } = exchange
  const trouble = answer?.status === 404 ? undefined : answerTrouble(exchange)?.seen
  const seen = trouble ?? exchangeSaid(exchange)
  return {
    result: 'fail',
    seen: isAtServerName(evidence)
      ? `${seen}. ${FOUND_AT_NAME}`
      : `${seen}: by the name ${evidence.serverName} nobody finds the homeserver; people have to type its address`,
    ...unreadFault(evidence, 'is not answered as it has to be'),
    remedy: [
      // Synapse, where it serves this, first asks MAS for the issuer.
      ...(answer !== undefined && answer.status >= 500 && errcodeOf(answer) !== undefined ? SEE_MAS_FROM_SYNAPSE : []),
      ...toWrite(evidence),
      ...servedBy(evidence),
    ],
  }
}

const judgeOp = (evidence: Evidence): Judgement => {
  const answer = evidence.asked.wellKnownClient?.answer
  if (evidence.asked.wellKnownClient === undefined) return notAsked(evidence, 'wellKnownClient')
  if (answer?.status !== 200 || objectOf(answer.json) === undefined)
    return notConcerned('There is no .well-known to look into: WELL_KNOWN says why.')
  const named = wellKnownOp(evidence)
  if (named === undefined) return { result: 'pass', seen: 'it names no OP, and needs not' }
  const metadata = acceptedMetadata(evidence)
  const pairs = [
    ['issuer', 'issuer', 'issuer'],
    ['account', 'account_management_uri', 'account management'],
  ] as const
  const faults = pairs.flatMap(([field, of, words]): readonly ReadinessFault[] => {
    const value = memberOf(objectOf(named), field)
    const name = `org.matrix.msc2965.authentication.${field}`
    // `account` may be absent.
    if (value === undefined && field === 'account') return []
    if (typeof value !== 'string')
      return [{ field: name, what: value === undefined ? 'is missing' : 'is no string', breaks: [] }]
    const expected = metadata === undefined ? undefined : memberOf(metadata.document, of)
    return expected === undefined || expected === value
      ? []
      : [
          {
            field: name,
            what: `is other than the ${words} of the metadata, ${shortened(JSON.stringify(expected) ?? '')}`,
            seen: shortened(value),
            breaks: [],
          },
        ]
  })
  if (faults.length === 0)
    return { result: 'pass', seen: metadata === undefined ? 'it names an OP' : 'it names the OP of the metadata' }
  return {
    result: 'fail',
    seen: faults.map(({ field, what }) => `${field} ${what}`).join('; '),
    faults,
    remedy: [
      'Take org.matrix.msc2965.authentication out of .well-known, or write what the metadata say. Where Synapse serves it: restart Synapse, which keeps what MAS said once.',
    ],
  }
}

export const WELL_KNOWN_PROBES: readonly Probe[] = [
  {
    code: 'WELL_KNOWN',
    part: 'homeserver',
    title: 'Clients find the homeserver by the server name',
    spec: 'Client-Server API, server discovery',
    stability: 'stable',
    level: 'error',
    why: 'Who types the server name is told "We couldn\'t reach this homeserver" by Element X, that the server is none by Element Web and "Doesn\'t seem to be a compatible homeserver" by FluffyChat.',
    judge,
  },
  {
    code: 'WELL_KNOWN_OP',
    part: 'homeserver',
    title: 'What .well-known says of the OP, where it does, is what the metadata say',
    spec: 'a former draft of MSC2965',
    stability: 'unstable',
    level: 'info',
    why: 'Element Classic on iOS and FluffyChat take the account page from there: the link leads to the wrong place.',
    judge: judgeOp,
  },
]
