import type { Evidence } from '../../evidence.ts'
import { homeserverMetadata, opMetadata } from '../../metadata/accepted.ts'
import { type JsonObject, memberOf, objectOf } from '../../metadata/reading.ts'

interface OwnDocument {
  readonly from: 'opConfiguration' | 'opOauthMetadata'
  readonly document: JsonObject
}

/** What the OP says of itself: its openid-configuration, else the document of RFC 8414. */
export const ownDocument = (evidence: Evidence): OwnDocument | undefined => {
  for (const from of ['opConfiguration', 'opOauthMetadata'] as const) {
    const answer = evidence.asked[from]?.answer
    const document = answer?.status === 200 ? objectOf(answer.json) : undefined
    if (document !== undefined) return { from, document }
  }
  return undefined
}

/** What the homeserver says of its OP. */
export const homeserverDocument = (evidence: Evidence): JsonObject | undefined =>
  homeserverMetadata(evidence)[0]?.document

/** The document whose addresses were asked. */
export const judgedDocument = (evidence: Evidence): JsonObject | undefined => opMetadata(evidence)?.document

/** A field that is a string with something in it. */
export const textField = (document: JsonObject | undefined, field: string): string | undefined => {
  const value = memberOf(document, field)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The strings of a field that is a list; absent where it is none. */
export const listField = (document: JsonObject | undefined, field: string): readonly string[] | undefined => {
  const value = memberOf(document, field)
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined
}

/** Whether it calls itself an OpenID provider; continuwuity is an OAuth server alone, and owes no keys. */
export const isOpenId = (document: JsonObject): boolean =>
  Object.hasOwn(document, 'id_token_signing_alg_values_supported') || Object.hasOwn(document, 'subject_types_supported')
