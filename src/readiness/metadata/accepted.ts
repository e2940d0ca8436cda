import type { Evidence } from '../evidence.ts'
import { type JsonObject, metadataReading, objectOf } from './reading.ts'

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
  [...homeserverMetadata(evidence), ...own(evidence, 'opConfiguration'), ...own(evidence, 'opOauthMetadata')][0]
