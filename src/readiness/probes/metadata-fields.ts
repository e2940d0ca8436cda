import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { listed } from '../listed.ts'
import { acceptedMetadata, type FoundMetadata, homeserverMetadata, type MetadataSource } from '../metadata/accepted.ts'
import { faultWords } from '../metadata/fault-words.ts'
import { fieldFaults } from '../metadata/field-faults.ts'
import { type FaultArea, NATIVE_CLIENTS, NATIVE_NAMES } from '../metadata/field-rules.ts'
import { metadataReading } from '../metadata/reading.ts'
import { writtenFaults, writtenRemedies } from '../metadata/written-faults.ts'
import { hostKind } from '../this-machine.ts'
import { notConcerned } from './homeserver-saying.ts'
import { kindOf, upstreamRemedy } from './op/kind.ts'
import { noDocument, shortened } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

const PLACES: Readonly<Record<MetadataSource, string>> = {
  metadataStable: 'at the stable address',
  metadataUnstable: 'at the unstable address',
  opConfiguration: "in the OP's openid-configuration",
  opOauthMetadata: "in the OP's oauth-authorization-server",
}

/** Every document that clients read; the OP's own where the homeserver has none. */
const judged = (evidence: Evidence): readonly FoundMetadata[] => {
  const ofHomeserver = homeserverMetadata(evidence)
  const accepted = acceptedMetadata(evidence)
  if (ofHomeserver.length > 0) return ofHomeserver
  return accepted === undefined ? [] : [accepted]
}

interface PlacedFault {
  readonly fault: ReadinessFault
  readonly places: readonly MetadataSource[]
}

const keyOf = ({ field, what, seen }: ReadinessFault): string => JSON.stringify([field, what, seen])

/** What is wrong in both documents is said once. */
const faultsOf = (
  documents: readonly FoundMetadata[],
  faultsIn: (found: FoundMetadata) => readonly ReadinessFault[],
): readonly ReadinessFault[] => {
  const byKey = new Map<string, PlacedFault>()
  for (const found of documents) {
    for (const fault of faultsIn(found)) {
      const known = byKey.get(keyOf(fault))
      byKey.set(keyOf(fault), { fault, places: [...(known?.places ?? []), found.from] })
    }
  }
  return [...byKey.values()].map((found) => placed(found, documents))
}

const isOfOp = ({ from }: FoundMetadata): boolean => from === 'opConfiguration' || from === 'opOauthMetadata'

const placed = (found: PlacedFault, documents: readonly FoundMetadata[]): ReadinessFault => {
  const [place] = found.places
  const isInAll = found.places.length === documents.length
  return isInAll || place === undefined ? found.fault : { ...found.fault, what: `${found.fault.what} ${PLACES[place]}` }
}

const brokenClients = (faults: readonly ReadinessFault[]): readonly string[] =>
  NATIVE_CLIENTS.filter((client) => faults.some(({ breaks }) => breaks.includes(client))).map(
    (client) => NATIVE_NAMES[client],
  )

const levelOf = (evidence: Evidence, documents: readonly FoundMetadata[], faults: readonly ReadinessFault[]) => {
  const isHarmless = faults.every(({ breaks }) => breaks.length === 0)
  if (isHarmless) return 'warning' as const
  // An OP that the homeserver does not know of yet keeps nobody from logging in as before.
  const isKnown = evidence.baseUrl === undefined || documents.some(({ from }) => from.startsWith('metadata'))
  return isKnown ? ('error' as const) : ('warning' as const)
}

const byOp = (evidence: Evidence, mas: string, other: string): readonly string[] => {
  const kind = kindOf(evidence)
  if (kind === 'MAS') return [mas]
  const upstream = upstreamRemedy(kind)
  return upstream.length > 0 ? upstream : [other]
}

const REMEDIES: Readonly<Record<FaultArea, (evidence: Evidence) => readonly string[]>> = {
  required: (evidence) =>
    byOp(
      evidence,
      'MAS writes all of them: update it, and see what changes its answer on the way. Then restart Synapse, which keeps what MAS said once.',
      'Set up the OP so that its metadata have these fields.',
    ),
  values: (evidence) =>
    byOp(
      evidence,
      'MAS offers all of them: update it, and see what changes its answer on the way. Then restart Synapse, which keeps what MAS said once.',
      'Turn on at the OP what is lacking: the code flow with PKCE (S256), refresh tokens, and answers in query and fragment.',
    ),
  https: (evidence) =>
    byOp(
      evidence,
      "In MAS's configuration: http.public_base: https://auth.example.org/ with the name that people's apps reach it by, and no http.issuer beside it, or the same. Restart MAS, then Synapse, which keeps what MAS said once.",
      "Set the OP's public address to one of https without query and fragment.",
    ),
  optional: (evidence) =>
    byOp(
      evidence,
      'MAS writes these right or not at all: update it, and see what changes its answer on the way. Then restart Synapse, which keeps what MAS said once.',
      'Leave these fields away, or write them as the specification has them: URLs of https, lists of texts, never null.',
    ),
}

/** A page of https may not ask a homeserver of http. */
const baseUrlFaults = (evidence: Evidence): readonly ReadinessFault[] => {
  const url = evidence.baseUrl === undefined ? null : URL.parse(evidence.baseUrl)
  if (url === null || url.protocol === 'https:' || hostKind(url) === 'loopback') return []
  return [
    {
      field: 'homeserver',
      what: `is asked by ${url.protocol}//, which a page of https may not do`,
      seen: url.href,
      breaks: ['element-x', 'element-web'],
    },
  ]
}

/** An address that answers something else is told by its own probe. */
const noMetadata = (evidence: Evidence): Judgement =>
  (['metadataStable', 'metadataUnstable'] as const).some((path) => {
    const { state } = metadataReading(evidence, path)
    return state === 'wrong' || state === 'unreachable'
  })
    ? notConcerned('The homeserver shows no metadata: METADATA_STABLE and METADATA_UNSTABLE say why.')
    : noDocument(evidence)

const PASSED: Readonly<Record<FaultArea, string>> = {
  required: 'all of them are there',
  values: 'all of them are there',
  https: 'all of them are',
  optional: 'those that are there are right',
}

const BASE_URL_REMEDY = 'Put the homeserver behind https, and write that address into .well-known and public_baseurl.'

const judge =
  (area: FaultArea) =>
  (evidence: Evidence): Judgement => {
    const documents = judged(evidence)
    const ofFields = faultsOf(documents, ({ document }) => fieldFaults(document, area))
    // How the OP writes its own is told by OP_DISCOVERY: a homeserver writes it anew for clients.
    const ofWriting = faultsOf(documents, (found) => (isOfOp(found) ? [] : writtenFaults(found.text, area)))
    const ofHomeserver = area === 'https' ? baseUrlFaults(evidence) : []
    const faults = [...ofHomeserver, ...ofWriting, ...ofFields]
    if (faults.length === 0) {
      const [first] = documents
      if (first === undefined) return noMetadata(evidence)
      return { result: 'pass', seen: isOfOp(first) ? `${PASSED[area]}, ${PLACES[first.from]}` : PASSED[area] }
    }
    const broken = brokenClients(faults)
    const refused = broken.length === 0 ? 'no client of today minds' : `refused by ${listed(broken)}`
    // Of what some client refuses; what nobody minds beside it is in the faults.
    const told = broken.length === 0 ? faults : faults.filter(({ breaks }) => breaks.length > 0)
    return {
      result: 'fail',
      seen: `${shortened(faultWords(told))}: ${refused}`,
      faults,
      level: ofHomeserver.length > 0 ? 'error' : levelOf(evidence, documents, faults),
      remedy: [
        ...(ofHomeserver.length > 0 ? [BASE_URL_REMEDY] : []),
        ...writtenRemedies(ofWriting),
        ...(ofFields.length > 0 ? REMEDIES[area](evidence) : []),
      ],
    }
  }

const REFUSED =
  'Element X leaves the OP out without a word, and shows the password form; Element Web says "Your Element is misconfigured"; FluffyChat "Oops, something went wrong".'

export const METADATA_FIELD_PROBES: readonly Probe[] = [
  {
    code: 'METADATA_REQUIRED',
    part: 'both',
    title: 'The metadata have every field that is required, of its type',
    spec: 'MSC2965, Matrix 1.15; RFC 8414',
    stability: 'stable',
    level: 'error',
    why: REFUSED,
    judge: judge('required'),
  },
  {
    code: 'METADATA_VALUES',
    part: 'both',
    title: 'The OP offers the code flow with PKCE (S256), refresh tokens, and answers in query and fragment',
    spec: 'MSC2964 and MSC2965, Matrix 1.15',
    stability: 'stable',
    level: 'error',
    why: REFUSED,
    judge: judge('values'),
  },
  {
    code: 'METADATA_HTTPS',
    part: 'both',
    title: 'Every address is one of https, and the issuer has no query and no fragment',
    spec: 'MSC2965, Matrix 1.15',
    stability: 'stable',
    level: 'error',
    why: 'One address of http is enough, and Element X leaves the OP out without a word: it shows the password form, or "The selected homeserver doesn\'t support password or OAuth login". Element Web and FluffyChat take it.',
    judge: judge('https'),
  },
  {
    code: 'METADATA_OPTIONAL',
    part: 'both',
    title: 'The fields that may be absent are right where they are there',
    spec: 'MSC2965, Matrix 1.15; MSC4191 and MSC4341, Matrix 1.18',
    stability: 'stable',
    level: 'error',
    why: `Absent, they only hide what they are for. Wrong, they break the login: ${REFUSED}`,
    judge: judge('optional'),
  },
]
