import type {
  ReadinessConfiguration,
  ReadinessDocument,
  ReadinessProbe,
  ReadinessWalk,
} from '../report/readiness-document.ts'
import { syn2opVersion } from '../version.ts'
import { abilitiesOf } from './abilities/abilities.ts'
import { acceptWarnings } from './accept-warnings.ts'
import { type Compared, checkComparable } from './comparable.ts'
import { compareReadiness } from './compare.ts'
import type { Evidence } from './evidence.ts'
import { gather } from './gather/gather.ts'
import { leftBehind } from './gather/left-behind.ts'
import { homeserverProduct, opProduct } from './gather/products.ts'
import type { Ask } from './http/exchange.ts'
import { masked } from './masked-document.ts'
import { judgeAll } from './probes/all-probes.ts'
import { type Silence, silenceOf } from './silence.ts'
import type { Subject } from './subject.ts'

/** Where a walk goes: as far as it was found out by then. */
export type WalkGround = Pick<Evidence, 'baseUrl' | 'serverName' | 'issuer'>

export interface Asking {
  readonly subject: Subject
  readonly ask: Ask
  /** Takes away what was left behind, also after Ctrl-C: not ended by the signal that ends `ask`. */
  readonly cleanUp: Ask
  /** Waits so many milliseconds for a server that has too many questions, and throws the signal's reason; absent: none is waited for. */
  readonly wait?: (milliseconds: number) => Promise<void>
}

export interface InspectOptions {
  /** Whom to ask; absent: nobody is asked, and only the configuration is looked at. */
  readonly asking?: Asking
  readonly configuration?: ReadinessConfiguration
  /** What it is compared with. */
  readonly compare?: ReadinessDocument
  readonly walk?: (ground: WalkGround) => Promise<ReadinessWalk>
  /** Codes of warnings that are acknowledged, or all-warnings. */
  readonly accept: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** For the person who waits: one line. */
  readonly note?: (words: string) => void
}

export interface Inspected {
  readonly document: ReadinessDocument
  /** Where nobody answered at all. */
  readonly silence?: Silence
}

/**
 * Asks, judges, and says who can do what.
 * @throws the signal's reason; Syn2opError usage where it is compared with another server's, internal, or what the walk raises.
 */
export const inspect = async (options: InspectOptions): Promise<Inspected> => {
  const { asking, configuration, compare, accept, now } = options
  if (compare !== undefined && asking !== undefined) checkComparable(compare, askedOf(asking.subject))
  const evidence = asking === undefined ? undefined : await gathered(asking, options)
  if (compare !== undefined && evidence !== undefined) {
    checkComparable(compare, partiesOf(evidence))
    if (Date.parse(compare.at) > now) options.note?.(ofLater(compare))
  }
  const walk = evidence === undefined ? undefined : await options.walk?.(groundOf(evidence))
  const probes = evidence === undefined ? [] : acceptWarnings(judgeAll(evidence), accept)
  const document: ReadinessDocument = {
    kind: 'readiness',
    format: 1,
    syn2op: syn2opVersion(),
    at: new Date(now).toISOString(),
    ...(evidence === undefined ? {} : partiesOf(evidence)),
    probes,
    abilities: evidence === undefined ? [] : abilitiesIn(evidence, probes),
    ...(configuration === undefined ? {} : { configuration }),
    ...(walk === undefined ? {} : { walk }),
    left: evidence === undefined ? [] : leftBehind(evidence),
  }
  const silence = evidence === undefined ? undefined : silenceOf(evidence)
  const found = { document, ...(silence === undefined ? {} : { silence }) }
  const shown = asking === undefined ? found : masked(found, asking.subject)
  return compare === undefined
    ? shown
    : { ...shown, document: { ...shown.document, comparison: compareReadiness(compare, shown.document) } }
}

const ofLater = ({ at }: ReadinessDocument): string =>
  `What it is compared with was made later than now, at ${at}: is it the right file, and the clock right?`

const askedOf = ({ serverName, baseUrl, op }: Subject): Compared => ({
  ...(serverName === undefined && baseUrl === undefined
    ? {}
    : {
        homeserver: {
          ...(serverName === undefined ? {} : { serverName }),
          ...(baseUrl === undefined ? {} : { baseUrl }),
        },
      }),
  ...(op === undefined ? {} : { op: { issuer: op } }),
})

const gathered = ({ subject, ask, cleanUp, wait }: Asking, { note }: InspectOptions): Promise<Evidence> =>
  gather(subject, ask, {
    cleanUp,
    ...(note === undefined ? {} : { note }),
    ...(wait === undefined ? {} : { wait }),
  })

const groundOf = ({ baseUrl, serverName, issuer }: Evidence): WalkGround => ({
  ...(baseUrl === undefined ? {} : { baseUrl }),
  ...(serverName === undefined ? {} : { serverName }),
  ...(issuer === undefined ? {} : { issuer }),
})

const isHomeserverAsked = ({ serverName, baseUrl }: Evidence): boolean =>
  serverName !== undefined || baseUrl !== undefined

const partiesOf = (evidence: Evidence): Pick<ReadinessDocument, 'homeserver' | 'op'> => {
  const { serverName, baseUrl, issuer } = evidence
  const [ofHomeserver, ofOp] = [homeserverProduct(evidence), opProduct(evidence)]
  return {
    ...(isHomeserverAsked(evidence)
      ? {
          homeserver: {
            ...(serverName === undefined ? {} : { serverName }),
            ...(baseUrl === undefined ? {} : { baseUrl }),
            ...(ofHomeserver === undefined ? {} : { product: ofHomeserver }),
          },
        }
      : {}),
    ...(issuer === undefined ? {} : { op: { issuer, ...(ofOp === undefined ? {} : { product: ofOp }) } }),
  }
}

/** An OP alone says nothing of what people can do at a homeserver. */
const abilitiesIn = (evidence: Evidence, probes: readonly ReadinessProbe[]): ReadinessDocument['abilities'] =>
  isHomeserverAsked(evidence) ? abilitiesOf(evidence, probes) : []
