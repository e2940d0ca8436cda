import type { ClientId } from '../probes/probe.ts'

/** The clients that read the document. */
export const NATIVE_CLIENTS = ['element-x', 'element-web', 'fluffychat'] as const

export type NativeClient = (typeof NATIVE_CLIENTS)[number]

/** Short, for the middle of a sentence. */
export const NATIVE_NAMES: Readonly<Record<NativeClient, string>> = {
  'element-x': 'Element X',
  'element-web': 'Element Web',
  fluffychat: 'FluffyChat',
}

/** What can be wrong with one field. */
export type Fault =
  | 'missing'
  | 'null'
  /** A string where a list should be, a number where a string should be, and the like. */
  | 'type'
  | 'empty'
  /** No absolute URL. */
  | 'relative'
  /** A URL of another scheme than https. */
  | 'scheme'
  /** An issuer with `?` or `#`. */
  | 'query'
  /** A list with something in it that is no string. */
  | 'item'
  /** A list without a value that it has to have. */
  | 'value'
  /** A name that stands more than once in the document, whatever its values. */
  | 'twice'

/** Which probe a fault belongs to: METADATA_REQUIRED, METADATA_VALUES, METADATA_HTTPS, METADATA_OPTIONAL. */
export type FaultArea = 'required' | 'values' | 'https' | 'optional'

/** A field of the document, and who does not take the document because of what. */
export interface FieldRule {
  readonly field: string
  readonly type: 'url' | 'list'
  readonly need: 'required' | 'optional'
  /** What the list has to have. */
  readonly values?: readonly string[]
  /** Whether it has to be without query and fragment. */
  readonly bare?: true
  /** The clients that do not take the document, fault by fault. A fault without any is one against the specification alone. */
  readonly breaks: Readonly<Partial<Record<Fault, readonly ClientId[]>>>
}

const ALL: readonly NativeClient[] = NATIVE_CLIENTS
const X: readonly NativeClient[] = ['element-x']
const X_WEB: readonly NativeClient[] = ['element-x', 'element-web']
const X_FLUFFY: readonly NativeClient[] = ['element-x', 'fluffychat']
const WEB_FLUFFY: readonly NativeClient[] = ['element-web', 'fluffychat']

/** Of a URL without which no client takes the document. An empty text is a relative URL to Element X, and nothing to Element Web. */
const URL_NEEDED: FieldRule['breaks'] = {
  missing: ALL,
  null: ALL,
  type: ALL,
  empty: X_WEB,
  relative: X,
  scheme: X,
  query: X,
  twice: X,
}

/** Of a URL that may be absent. Element Web takes null and an empty text for absent; Element X takes null so. */
const URL_OFFERED: FieldRule['breaks'] = { type: X_WEB, empty: X, relative: X, scheme: X, twice: X }

/** Of a list with values without which no client goes on; FluffyChat looks at its type alone. */
const LIST_NEEDED: FieldRule['breaks'] = { missing: ALL, null: ALL, type: ALL, item: X_FLUFFY, value: X_WEB, twice: X }

/** Of a list that may be absent. Element X takes no null here, Element Web nothing that is no list of strings. */
const LIST_OFFERED: FieldRule['breaks'] = { null: X, type: X_WEB, item: X_WEB, twice: X }

/**
 * The fields that clients read, in the order of the specification. As read in matrix-rust-sdk
 * with ruma (Element X), matrix-js-sdk 42 (Element Web) and Famedly's Dart SDK (FluffyChat), 2026-08.
 */
export const FIELD_RULES: readonly FieldRule[] = [
  { field: 'issuer', type: 'url', need: 'required', bare: true, breaks: URL_NEEDED },
  { field: 'authorization_endpoint', type: 'url', need: 'required', breaks: URL_NEEDED },
  { field: 'token_endpoint', type: 'url', need: 'required', breaks: URL_NEEDED },
  { field: 'revocation_endpoint', type: 'url', need: 'required', breaks: URL_NEEDED },
  // Element X takes the document without it, and then fails at the button.
  { field: 'registration_endpoint', type: 'url', need: 'required', breaks: URL_NEEDED },
  { field: 'response_types_supported', type: 'list', need: 'required', values: ['code'], breaks: LIST_NEEDED },
  {
    field: 'response_modes_supported',
    type: 'list',
    need: 'required',
    values: ['query', 'fragment'],
    // Element X takes RFC 8414's default, which is these two.
    breaks: { ...LIST_NEEDED, missing: WEB_FLUFFY, null: WEB_FLUFFY },
  },
  {
    field: 'grant_types_supported',
    type: 'list',
    need: 'required',
    values: ['authorization_code', 'refresh_token'],
    breaks: LIST_NEEDED,
  },
  { field: 'code_challenge_methods_supported', type: 'list', need: 'required', values: ['S256'], breaks: LIST_NEEDED },
  { field: 'prompt_values_supported', type: 'list', need: 'optional', breaks: LIST_OFFERED },
  { field: 'account_management_uri', type: 'url', need: 'optional', breaks: URL_OFFERED },
  { field: 'account_management_actions_supported', type: 'list', need: 'optional', breaks: LIST_OFFERED },
  { field: 'device_authorization_endpoint', type: 'url', need: 'optional', breaks: URL_OFFERED },
  // Older Element Web (matrix-js-sdk up to 41) fetches it; today's clients do not look at it.
  { field: 'jwks_uri', type: 'url', need: 'optional', breaks: {} },
  // The names of the proposal, which today's clients do not read any more.
  { field: 'org.matrix.msc4191.account_management_uri', type: 'url', need: 'optional', breaks: {} },
  { field: 'org.matrix.msc4191.account_management_actions_supported', type: 'list', need: 'optional', breaks: {} },
]
