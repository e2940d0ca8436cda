import { createHash, randomBytes } from 'node:crypto'

/** What makes one authorization this client's alone; the verifier and the state are secrets. */
export interface Pledge {
  readonly verifier: string
  /** SHA-256 of the verifier, as S256 wants it (RFC 7636). */
  readonly challenge: string
  readonly state: string
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

export const newPledge = (): Pledge => {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: challengeOf(verifier), state: randomBytes(16).toString('base64url') }
}

/** Ten letters, as clients make them: MAS takes no shorter ones. */
export const newDeviceId = (): string =>
  Array.from(randomBytes(10), (byte) => String.fromCharCode(65 + (byte % 26))).join('')
