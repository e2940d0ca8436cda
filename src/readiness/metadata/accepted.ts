import type { Evidence } from '../evidence.ts'
import { type JsonObject, memberOf, metadataReading, objectOf } from './reading.ts'

/** Where a document that is judged came from. */
export type MetadataSource = 'metadataStable' | 'metadataUnstable' | 'opConfiguration' | 'opOauthMetadata'

export interface FoundMetadata {
  readonly from: MetadataSource
  readonly document: JsonObject
  /** As it came. */
  readonly text: string
}

const own = (evidence: Evidence, from: 'opConfiguration' | 'opOauthMetadata'): readonly FoundMetadata[] => {
  const answer = evidence.asked[from]?.answer
  if (answer?.status !== 200) return []
  const document = objectOf(answer.json)
  return document === undefined ? [] : [{ from, document, text: answer.text }]
}

/** The documents that the homeserver serves: those that clients read. */
export const homeserverMetadata = (evidence: Evidence): readonly FoundMetadata[] =>
  (['metadataStable', 'metadataUnstable'] as const).flatMap((from) => {
    const reading = metadataReading(evidence, from)
    if (reading.state !== 'document') return []
    return [{ from, document: reading.document, text: reading.answer.text }]
  })

/**
 * The document by which clients know the OP: the homeserver's, and of a homeserver without OAuth
 * (or of none) the OP's own. Undefined where nobody has one.
 */
export const acceptedMetadata = (evidence: Evidence): FoundMetadata | undefined =>
  homeserverMetadata(evidence)[0] ?? ownMetadata(evidence)

const ownMetadata = (evidence: Evidence): FoundMetadata | undefined =>
  own(evidence, 'opConfiguration')[0] ?? own(evidence, 'opOauthMetadata')[0]

/** Whether an OP was named that is another one than the homeserver's. */
export const isOtherOp = (evidence: Evidence): boolean => {
  const { issuer, issuerFrom } = evidence
  const said = memberOf(homeserverMetadata(evidence)[0]?.document, 'issuer')
  return issuerFrom === 'given' && typeof said === 'string' && said !== '' && !isAlike(said, issuer ?? '')
}

/** OP_DISCOVERY tells of issuers that differ by the slash at the end: they lead to one OP all the same. */
const isAlike = (one: string, other: string): boolean => one.replace(/\/$/u, '') === other.replace(/\/$/u, '')

/**
 * The document by which the OP is asked and judged: that of `acceptedMetadata`, unless an OP was named that is not the homeserver's.
 * Then what that one says of itself, by its own issuer, and nothing else, so that nobody else is asked, or sent what is its own.
 */
export const opMetadata = (evidence: Evidence): FoundMetadata | undefined => {
  if (!isOtherOp(evidence)) return acceptedMetadata(evidence)
  const found = ownMetadata(evidence)
  const calls = memberOf(found?.document, 'issuer')
  return typeof calls === 'string' && isAlike(calls, evidence.issuer ?? '') ? found : undefined
}
