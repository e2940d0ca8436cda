import { isDeepStrictEqual } from 'node:util'
import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { acceptedMetadata, homeserverMetadata } from '../metadata/accepted.ts'
import { FIELD_RULES } from '../metadata/field-rules.ts'
import { errcodeOf, type JsonObject, memberOf, objectOf } from '../metadata/reading.ts'
import { exchangeSaid, mayHaveMas, notConcerned, said } from './homeserver-saying.ts'
import { notAsked, shortened } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

/** Lists of texts say the same in any order. */
const comparable = (value: unknown): unknown =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value

const words = (value: unknown): string => (value === undefined ? 'absent' : shortened(JSON.stringify(value) ?? ''))

const differences = (stable: JsonObject, unstable: JsonObject): readonly ReadinessFault[] =>
  [...new Set([...Object.keys(stable), ...Object.keys(unstable)])].flatMap((field) => {
    const one = memberOf(stable, field)
    const other = memberOf(unstable, field)
    return isDeepStrictEqual(comparable(one), comparable(other))
      ? []
      : [
          {
            field,
            what: `is ${words(one)} at the stable address`,
            seen: `${words(other)} at the unstable one`,
            breaks: [],
          },
        ]
  })

const READ_BY_CLIENTS: ReadonlySet<string> = new Set(FIELD_RULES.map(({ field }) => field))

const judgeSame = (evidence: Evidence): Judgement => {
  const [stable, unstable] = homeserverMetadata(evidence)
  if (stable === undefined || unstable === undefined) {
    return notConcerned(
      stable === undefined
        ? 'No address has metadata.'
        : 'One address alone has metadata: the probe of the other says why.',
    )
  }
  const faults = differences(stable.document, unstable.document)
  if (faults.length === 0) return { result: 'pass', seen: 'both addresses have the same' }
  return {
    result: 'fail',
    seen: `${faults.length === 1 ? '1 field differs' : `${faults.length} fields differ`}: ${shortened(faults.map(({ field }) => field).join(', '))}`,
    faults,
    // Fields that no client reads do no harm.
    ...(faults.some(({ field }) => READ_BY_CLIENTS.has(field)) ? {} : { level: 'warning' as const }),
    remedy: [
      ...(mayHaveMas(evidence)
        ? ['Restart Synapse with every worker: each keeps what MAS said when it asked for the first time.']
        : []),
      'Empty the caches before the homeserver, and see that the proxy sends both addresses to the same place.',
    ],
  }
}

const judgeIssuer = (evidence: Evidence): Judgement => {
  const exchange = evidence.asked.authIssuer
  if (exchange === undefined) return notAsked(evidence, 'authIssuer')
  const { answer } = exchange
  if (answer?.status === 404)
    return {
      result: 'pass',
      seen: errcodeOf(answer) === undefined ? said(answer) : 'there is none, and needs not be',
    }
  const remedy = [
    'Have /_matrix/client/unstable/org.matrix.msc2965/auth_issuer answer with the issuer of the metadata, byte by byte, or with 404 M_UNRECOGNIZED as Synapse does.',
  ]
  const issuer = answer?.status === 200 ? memberOf(objectOf(answer.json), 'issuer') : undefined
  if (typeof issuer !== 'string') return { result: 'fail', seen: exchangeSaid(exchange), remedy }
  const metadata = acceptedMetadata(evidence)
  const expected = memberOf(metadata?.document, 'issuer')
  if (expected === undefined || expected === issuer) return { result: 'pass', seen: issuer }
  return {
    result: 'fail',
    seen: `${issuer}, and the metadata have ${words(expected)}`,
    faults: [{ field: 'issuer', what: 'is other than that of the metadata', seen: issuer, breaks: [] }],
    remedy,
  }
}

export const METADATA_SAME_PROBES: readonly Probe[] = [
  {
    code: 'METADATA_SAME',
    part: 'homeserver',
    title: 'Both addresses of the metadata have the same',
    spec: 'MSC2965, Matrix 1.15',
    stability: 'stable',
    level: 'error',
    why: 'One client of a person logs in at one OP, another at the other or not at all, by the version of Matrix that they look for.',
    judge: judgeSame,
  },
  {
    code: 'AUTH_ISSUER',
    part: 'homeserver',
    title: 'auth_issuer of the former draft, where there is one, names the OP of the metadata',
    spec: 'a former draft of MSC2965, dropped before Matrix 1.15',
    stability: 'unstable',
    level: 'info',
    why: 'Element Web before matrix-js-sdk 42 asks for it where there are no metadata, and says "Your Element is misconfigured". Clients of today do not.',
    judge: judgeIssuer,
  },
]
