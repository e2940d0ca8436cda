/** Why a question has no answer: in words, with Node's code where there is one. */
export interface Failure {
  readonly code?: string
  readonly why: string
}

const TRUST = 'Where it is signed by an authority of your own, name that in NODE_EXTRA_CA_CERTS'

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused: nothing listens there'],
  ['ECONNRESET', 'the connection was cut before an answer came'],
  ['EPIPE', 'the connection was cut before an answer came'],
  ['UND_ERR_SOCKET', 'the connection was cut before an answer came'],
  ['ENOTFOUND', 'there is no such name in the DNS'],
  ['EAI_AGAIN', 'the DNS did not answer'],
  ['ENETUNREACH', 'there is no way to its network from here'],
  ['EHOSTUNREACH', 'there is no way to its machine from here'],
  ['ETIMEDOUT', 'no connection came about in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection came about in time'],
  ['UND_ERR_HEADERS_OVERFLOW', 'the headers of its answer are too long'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', `TLS: its certificate is signed by nobody but itself. ${TRUST}`],
  ['SELF_SIGNED_CERT_IN_CHAIN', `TLS: its certificate is signed by an authority that is not trusted here. ${TRUST}`],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    `TLS: it does not send the certificates between its own and an authority's, or none is trusted here. ${TRUST}`,
  ],
  ['UNABLE_TO_GET_ISSUER_CERT', `TLS: its certificate is signed by an authority that is not trusted here. ${TRUST}`],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    `TLS: its certificate is signed by an authority that is not trusted here. ${TRUST}`,
  ],
  ['CERT_HAS_EXPIRED', 'TLS: its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'TLS: its certificate is not valid yet; is the clock of this machine right?'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS: its certificate is for another name'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS: what answers at this port speaks no TLS, perhaps plain http'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'TLS: what answers at this port speaks no TLS, perhaps plain http'],
])

/** Of what fetch threw: its own message may hold what was sent, so nothing of that is said. */
export const failureOf = (error: unknown): Failure => {
  const code = codeOf(error)
  if (code === undefined)
    return { why: isUnreadable(error) ? 'what answers there speaks no HTTP' : 'the connection failed' }
  return { code, why: WORDS.get(code) ?? unusual(code) }
}

const unusual = (code: string): string => {
  if (/^ERR_(?:SSL|TLS)_|CERT/u.test(code)) return `TLS: no secure connection came about (${code})`
  return `the connection failed (${code})`
}

/** undici's error of an answer that it cannot read has no code. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && error.cause.name === 'HTTPParserError'

/** fetch hides it in the cause of its error, or in the first of several causes. */
const codeOf = (error: unknown, depth = 0): string | undefined => {
  if (!(error instanceof Error) || depth > 4) return undefined
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code
  const inner = codeOf(error.cause, depth + 1)
  if (inner !== undefined || !(error instanceof AggregateError)) return inner
  return codeOf(error.errors[0], depth + 1)
}
