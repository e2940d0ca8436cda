import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { NAME_FIELDS, type PresentUser } from '../api/user.ts'

const metadata = z.record(z.string(), z.unknown())

const profile = {
  username: z.string().exactOptional(),
  email: z.string().exactOptional(),
  emailVerified: z.boolean(),
  phoneNumber: z.string().exactOptional(),
  phoneVerified: z.boolean(),
  names: z.partialRecord(z.enum(NAME_FIELDS), z.string()),
}

const stored = z.object({
  id: z.string(),
  primaryId: z.string().exactOptional(),
  ...profile,
  blocked: z.boolean(),
  appMetadata: metadata,
  userMetadata: metadata,
  identities: z.array(
    z.object({
      connection: z.string(),
      provider: z.string(),
      userId: z.string(),
      isSocial: z.boolean(),
      profile: z.object(profile).exactOptional(),
    }),
  ),
  createdAt: z.number().exactOptional(),
  updatedAt: z.number().exactOptional(),
  lastLogin: z.number().exactOptional(),
  lastPasswordReset: z.number().exactOptional(),
  loginsCount: z.number(),
})

/** Of deflate: so large a window is found and forgotten fast, and what one user has fits into it. */
const WINDOW = { windowBits: 12 }
const DEFLATE = { ...WINDOW, level: 6, memLevel: 1, chunkSize: 2048 }

/** Users in few bytes: one is much like another. */
export interface Packing {
  /** The same user gives the same bytes. */
  pack(user: PresentUser): Uint8Array
  /** What `pack` made. */
  unpack(packed: Uint8Array): PresentUser
}

/** What is packed first is what all others are compared with: give it users of one kind. */
export const openPacking = (): Packing => {
  let dictionary: Buffer | undefined
  return {
    pack(user) {
      const json = Buffer.from(JSON.stringify(user))
      dictionary ??= json
      return deflateRawSync(json, { ...DEFLATE, dictionary })
    },
    unpack(packed) {
      const json = inflateRawSync(packed, { ...WINDOW, ...(dictionary === undefined ? {} : { dictionary }) })
      return stored.parse(JSON.parse(json.toString('utf8')))
    },
  }
}
