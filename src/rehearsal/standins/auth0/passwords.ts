import { createHash, timingSafeEqual } from 'node:crypto'
import { compare, hash } from 'bcryptjs'
import { z } from 'zod'
import { type Readings, USUAL_READINGS } from './readings.ts'
import type { StoredPassword } from './tenant.ts'

// Of Auth0's own hashes, as `password_hash` must have it.
const OWN_COST = 10

// That bcrypt sees of what it is given.
const SEEN_BY_BCRYPT = 72

const text = z.object({ value: z.string(), encoding: z.enum(['base64', 'hex', 'utf8']).default('utf8') })

const customHash = z.object({
  algorithm: z.string(),
  hash: text,
  salt: text.extend({ position: z.enum(['prefix', 'suffix']).default('prefix') }).optional(),
  password: z
    .object({ encoding: z.enum(['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary']).default('utf8') })
    .default({ encoding: 'utf8' }),
})

type CustomHash = z.output<typeof customHash>

/** What was hashed: the password as it is typed, never normalized, for Auth0 does not say that it does that; and the salt. */
const hashedBytes = (
  { algorithm, salt, password: { encoding } }: CustomHash,
  password: string,
  { cutTo72 }: Readings,
): Buffer => {
  const whole = Buffer.from(password, encoding)
  if (salt === undefined) return whole
  const added = Buffer.from(salt.value, salt.encoding)
  const isCut = algorithm === 'bcrypt' && cutTo72 === 'password'
  const typed = isCut ? whole.subarray(0, Math.max(0, SEEN_BY_BCRYPT - added.byteLength)) : whole
  return Buffer.concat(salt.position === 'prefix' ? [added, typed] : [typed, added])
}

/** bcrypt of its own sees 72 bytes. The library takes texts: what is none in UTF-8 lets nobody in. */
const isBcryptOf = async (bcrypt: string, bytes: Buffer): Promise<boolean> => {
  const asText = bytes.toString('utf8')
  return Buffer.from(asText, 'utf8').equals(bytes) && (await compare(asText, bcrypt))
}

const isDigestOf = (algorithm: string, { value, encoding }: CustomHash['hash'], bytes: Buffer): boolean => {
  const expected = Buffer.from(value, encoding)
  const actual = createHash(algorithm).update(bytes).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

const isCustomHashOf = async (custom: unknown, password: string, readings: Readings): Promise<boolean> => {
  const parsed = customHash.safeParse(custom)
  if (!parsed.success) return false
  const bytes = hashedBytes(parsed.data, password, readings)
  switch (parsed.data.algorithm) {
    case 'bcrypt':
      return isBcryptOf(parsed.data.hash.value, bytes)
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512':
      return isDigestOf(parsed.data.algorithm, parsed.data.hash, bytes)
    default:
      // Nobody comes here from Synapse with another algorithm: such a hash is kept, and lets nobody in.
      return false
  }
}

const SETTABLE = /^[!-~]*$/u

/** Whether a password is the one that is stored. */
export async function verifyPassword(
  stored: StoredPassword,
  password: string,
  readings: Readings = USUAL_READINGS,
): Promise<boolean> {
  if (readings.lettersAtLogin === '33 to 126' && !SETTABLE.test(password)) return false
  switch (stored.kind) {
    case 'own':
      return compare(password, stored.bcrypt)
    case 'imported':
      return isCustomHashOf(stored.custom, password, readings)
    case 'random':
      return false
  }
}

/** A password that was set at Auth0. */
export const ownPassword = async (password: string): Promise<StoredPassword> => ({
  kind: 'own',
  bcrypt: await hash(password, OWN_COST),
})

/** What is stored once somebody has logged in with it: an imported hash is replaced by one of Auth0's own, and its pepper with it. */
export const afterLogin = async (stored: StoredPassword, password: string): Promise<StoredPassword> =>
  stored.kind === 'imported' ? ownPassword(password) : stored
