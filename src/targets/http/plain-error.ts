/** A failure of a connection. */
export interface PlainError extends Error {
  /** Node's, such as ECONNREFUSED. */
  readonly code?: string
}

/**
 * Node's code and words of a failure, and nothing else: what it hangs on its errors can hold what was answered, such as a token in
 * the `rawPacket` of an answer that it cannot read.
 */
export const plainError = (error: unknown): PlainError => {
  const plain = new Error(error instanceof Error ? error.message : 'the connection failed')
  const code = codeOf(error)
  return code === undefined ? plain : Object.assign(plain, { code })
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
