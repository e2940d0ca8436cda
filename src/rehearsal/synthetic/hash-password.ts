import { createHash } from 'node:crypto'

/** The least that is no finding of its own (`HASHES_CHEAP`). */
const COST = 10
/** More than that bcrypt does not read; Synapse cuts there too. */
const MOST_BYTES = 72

/**
 * As Synapse hashes a password: bcrypt of its NFKC form with the pepper appended (Synapse, `AuthHandler.hash`). The same
 * password has the same hash each time, since to make one takes a tenth of a second.
 */
export const hashPassword = async (password: string, pepper: string): Promise<string> => {
  const { encodeBase64, hash } = await import('bcryptjs')
  const salt = encodeBase64([...createHash('sha256').update(password).digest().subarray(0, 16)], 16)
  const bytes = Buffer.from(password.normalize('NFKC') + pepper).subarray(0, MOST_BYTES)
  const isCutWithin = bytes.toString().endsWith('\uFFFD')
  return hash(isCutWithin ? bytes.toString().replace(/\uFFFD$/u, '') : bytes.toString(), `$2b$${COST}$${salt}`)
}
