import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { isPrivate, isWebAddress, openidConfigurationOf } from '../gather/addresses.ts'
import { type BaseUrl, baseUrlOf } from '../gather/base-url.ts'
import type { Exchange } from '../http/exchange.ts'
import { fieldFaults } from '../metadata/field-faults.ts'
import { metadataFor, PATH_WORDS, pathFor } from '../metadata/for-client.ts'
import { type JsonObject, metadataReading, objectOf } from '../metadata/reading.ts'
import type { Subject } from '../subject.ts'
import { textIn } from './json-fields.ts'
import { refusalOf } from './oauth-errors.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'

/** Where a client goes next. */
export interface WalkMetadata {
  readonly issuer?: string
  readonly authorization: string
  readonly token: string
  readonly revocation?: string
  readonly registration?: string
}

/** What the walk begins with. */
export interface Beginning {
  readonly baseUrl?: string
  readonly serverName?: string
  /** As it was given. */
  readonly issuer?: string
}

export interface FoundMetadata {
  readonly step: ReadinessStep
  readonly metadata?: WalkMetadata
  /** Of the homeserver that takes tokens of this OP, without a slash at the end. */
  readonly homeserver?: string
}

type Document =
  | { readonly document: JsonObject; readonly why?: undefined }
  | { readonly document?: undefined; readonly why: string }

export const findMetadata = async (surroundings: Surroundings, beginning: Beginning): Promise<FoundMetadata> => {
  const since = performance.now()
  const exchanges: Exchange[] = []
  const ask = async (url: string): Promise<Exchange> => {
    const exchange = await surroundings.ask({ method: 'GET', url, redirects: 'followed' })
    exchanges.push(exchange)
    return exchange
  }
  const end = (troubles: readonly Trouble[], rest: Omit<FoundMetadata, 'step'> = {}): FoundMetadata => {
    const seen = `A client learns where to go, to ${rest.metadata?.issuer ?? 'the OP'}`
    return { step: stepOf('metadata', since, { exchanges, seen, troubles }), ...rest }
  }

  const homeserver = await homeserverOf(beginning, ask)
  if (homeserver?.document !== undefined) {
    const theirs = textIn(homeserver.document, 'issuer')
    if (beginning.issuer === undefined || theirs === beginning.issuer) {
      return judged(homeserver.document, end, { homeserver: homeserver.url }, homeserver.elsewhere ?? [])
    }
  }
  if (beginning.issuer === undefined) return end([failure(homeserver?.why ?? 'Nobody named a homeserver or an OP')])
  const why = homeserver?.why ?? 'The homeserver names another OP, and takes no tokens of this one'
  const without = homeserver === undefined ? [] : [difference(`${why}: the way goes on at the OP alone`)]
  const op = await ofIssuer(beginning.issuer, ask)
  return op.document === undefined ? end([...without, failure(op.why)]) : judged(op.document, end, {}, without)
}

type Homeserver = Document & {
  readonly url?: string
  /** Where .well-known leads clients to another address than the walk takes. */
  readonly elsewhere?: readonly Trouble[]
}

/** The homeserver's document, as clients find it; undefined where no homeserver was named. */
const homeserverOf = async (
  { baseUrl, serverName }: Beginning,
  ask: (url: string) => Promise<Exchange>,
): Promise<Homeserver | undefined> => {
  if (baseUrl === undefined && serverName === undefined) return undefined
  const wellKnown = serverName === undefined ? undefined : await ask(`https://${serverName}/.well-known/matrix/client`)
  const named = serverName === undefined ? {} : { serverName }
  const subject: Subject = { ...WITHOUT_ADDRESS, ...named, ...(baseUrl === undefined ? {} : { baseUrl }) }
  const base = baseUrlOf(subject, wellKnown)
  if ('why' in base) return { why: base.why }
  const elsewhere = otherThan(base.url, baseUrlOf({ ...WITHOUT_ADDRESS, ...named }, wellKnown), serverName)
  return { ...(await ofHomeserver(base.url, ask)), url: base.url, elsewhere }
}

const WITHOUT_ADDRESS: Subject = { origin: 'none: a native client', traces: 'allowed' }

const otherThan = (taken: string, found: BaseUrl, serverName: string | undefined): readonly Trouble[] => {
  if (serverName === undefined || ('url' in found && found.url === taken)) return []
  const where = 'url' in found ? `to ${found.url}` : 'nowhere'
  return [difference(`By the .well-known of ${serverName} clients come ${where}, and the way goes on at ${taken}`)]
}

/** The document that Element X would read, and whether it takes it. */
const ofHomeserver = async (baseUrl: string, ask: (url: string) => Promise<Exchange>): Promise<Document> => {
  const versions = await ask(`${baseUrl}/_matrix/client/versions`)
  const first = evidenceOf({ versions })
  const path = pathFor('element-x', first)
  if (path === undefined) {
    return { why: `${baseUrl}/_matrix/client/versions has no answer that tells which metadata to ask for` }
  }
  const evidence = evidenceOf({ versions, [path]: await ask(`${baseUrl}${PATH_WORDS[path]}`) })
  // Element X asks for it each time; what it holds is of no weight where there is OAuth.
  await ask(`${baseUrl}/_matrix/client/v3/login`)
  const reading = metadataReading(evidence, path)
  return reading.state === 'document'
    ? { document: reading.document }
    : { why: `The homeserver has no OAuth for clients: ${metadataFor('element-x', evidence).why}` }
}

const evidenceOf = (asked: Evidence['asked']): Evidence => ({
  asked,
  notAsked: {},
  applicationServices: [],
  origin: 'none: a native client',
})

const ofIssuer = async (issuer: string, ask: (url: string) => Promise<Exchange>): Promise<Document> => {
  const { answer, failure: why } = await ask(openidConfigurationOf(issuer))
  if (answer === undefined) return { why: `The OP did not answer: ${why.why}` }
  const document = objectOf(answer.json)
  return answer.status === 200 && document !== undefined
    ? { document }
    : { why: `The OP shows no metadata: ${refusalOf(answer)}` }
}

const judged = (
  document: JsonObject,
  end: (troubles: readonly Trouble[], rest?: Omit<FoundMetadata, 'step'>) => FoundMetadata,
  rest: { readonly homeserver?: string | undefined },
  before: readonly Trouble[],
): FoundMetadata => {
  const addresses = {
    authorization: textIn(document, 'authorization_endpoint'),
    token: textIn(document, 'token_endpoint'),
    revocation: textIn(document, 'revocation_endpoint'),
    registration: textIn(document, 'registration_endpoint'),
  }
  const { authorization, token, revocation, registration } = addresses
  const unusable = Object.entries(addresses).flatMap(([name, url]) => unusableWords(`${name}_endpoint`, url))
  if (unusable.length > 0 || authorization === undefined || token === undefined) {
    const words = unusable.length > 0 ? unusable : ['authorization_endpoint or token_endpoint is missing']
    return end([...before, ...words.map((word) => failure(`In the metadata, ${word}: the way ends here`))])
  }
  const issuer = textIn(document, 'issuer')
  const metadata = {
    authorization,
    token,
    ...(issuer === undefined ? {} : { issuer }),
    ...(revocation === undefined ? {} : { revocation }),
    ...(registration === undefined ? {} : { registration }),
  }
  const { homeserver } = rest
  return end([...before, ...faultsOf(document)], { metadata, ...(homeserver === undefined ? {} : { homeserver }) })
}

/** A password, codes and tokens go there: never where others can listen. */
const unusableWords = (name: string, url: string | undefined): readonly string[] => {
  if (url === undefined) return []
  if (!isWebAddress(url)) return [`${name} is no address of the web`]
  return isPrivate(url) ? [] : [`${name} is http, and passwords and tokens would go there in clear text`]
}

/** What clients do not take though the way goes on; addresses without TLS are left to the probes, which say whose. */
const faultsOf = (document: JsonObject): readonly Trouble[] => {
  const faults = [...fieldFaults(document, 'required'), ...fieldFaults(document, 'values')]
  if (faults.length === 0) return []
  const named = faults.map(({ field, what }) => `${field} ${what}`).join(', ')
  return [difference(`In the metadata, ${named}: some clients do not take it, and the way goes on all the same`)]
}
