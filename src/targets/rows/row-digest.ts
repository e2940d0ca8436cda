import { hash } from 'node:crypto'

/**
 * 128 bits of SHA-256. Of a password hash it tells nothing: bcrypt's own 128 bits of salt would have to be guessed with it. Of
 * the same value of two accounts it is not the same.
 */
export const rowDigest = (mxid: string, kind: string, ...parts: readonly unknown[]): string =>
  hash('sha256', JSON.stringify([mxid, kind, ...parts]), 'buffer')
    .subarray(0, 16)
    .toString('base64url')
