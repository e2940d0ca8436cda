import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Json } from '../client.ts'

const unpadded = (data: Uint8Array): string => Buffer.from(data).toString('base64').replace(/=+$/, '')

/** Matrix's canonical JSON, as far as keys need it: sorted, no blanks. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`
}

export interface SigningKey {
  /** Unpadded base64: also the id of the hidden device that Synapse makes of a cross-signing key. */
  readonly publicKey: string
  readonly privateKey: KeyObject
}

export const signingKey = (): SigningKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'jwk' }).x
  if (raw === undefined) throw new Error('An Ed25519 key has no x')
  return { publicKey: unpadded(Buffer.from(raw, 'base64url')), privateKey }
}

/** The object with a signature of the user's key over it. */
export const signed = (userId: string, key: SigningKey, content: Json): Json => ({
  ...content,
  signatures: {
    [userId]: { [`ed25519:${key.publicKey}`]: unpadded(sign(null, Buffer.from(canonical(content)), key.privateKey)) },
  },
})

export const crossSigningKey = (userId: string, usage: string, key: SigningKey): Json => ({
  user_id: userId,
  usage: [usage],
  keys: { [`ed25519:${key.publicKey}`]: key.publicKey },
})

/** Identity keys of a device as /keys/upload takes them; Synapse does not check their signatures. */
export const deviceKeys = (userId: string, deviceId: string): Json => {
  const key = signingKey().publicKey
  return {
    user_id: userId,
    device_id: deviceId,
    algorithms: ['m.olm.v1.curve25519-aes-sha2', 'm.megolm.v1.aes-sha2'],
    keys: { [`curve25519:${deviceId}`]: key, [`ed25519:${deviceId}`]: key },
    signatures: { [userId]: { [`ed25519:${deviceId}`]: key } },
  }
}
