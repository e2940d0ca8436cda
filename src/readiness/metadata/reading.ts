import type { Evidence } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'

/** The two addresses at which a homeserver shows the metadata of its OP; a client asks one of them and never the other. */
export type MetadataPath = 'metadataStable' | 'metadataUnstable'

/** A JSON object as it came. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What stood at one of the addresses. */
export type MetadataReading =
  | { readonly state: 'document'; readonly document: JsonObject; readonly answer: Answer }
  /** 404 with M_UNRECOGNIZED, by which a homeserver says that it has no OAuth. */
  | { readonly state: 'no OAuth'; readonly answer: Answer }
  /** Neither of the two. */
  | { readonly state: 'wrong'; readonly answer: Answer }
  | { readonly state: 'unreachable'; readonly why: string }
  | { readonly state: 'not asked'; readonly why: string }

/** A JSON object; undefined for everything else, lists too. */
export const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined

/** A member that the object itself has: names come from outside. */
export const memberOf = (object: JsonObject | undefined, name: string): unknown =>
  object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined

/** Matrix's `errcode`, such as M_UNRECOGNIZED; undefined where the answer is no error of Matrix. */
export const errcodeOf = (answer: Answer): string | undefined => {
  const code = memberOf(objectOf(answer.json), 'errcode')
  return typeof code === 'string' ? code : undefined
}

/** What the homeserver answered at one of the addresses. */
export const metadataReading = (evidence: Evidence, path: MetadataPath): MetadataReading => {
  const exchange = evidence.asked[path]
  if (exchange === undefined) return { state: 'not asked', why: evidence.notAsked[path] ?? 'it was not asked' }
  if (exchange.answer === undefined) return { state: 'unreachable', why: exchange.failure.why }
  const { answer } = exchange
  const document = objectOf(answer.json)
  if (answer.status === 200 && document !== undefined) return { state: 'document', document, answer }
  if (answer.status === 404 && errcodeOf(answer) === 'M_UNRECOGNIZED') return { state: 'no OAuth', answer }
  return { state: 'wrong', answer }
}
