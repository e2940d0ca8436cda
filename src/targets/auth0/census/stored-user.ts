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

export const toStored = (user: PresentUser): string => JSON.stringify(user)

/** What `toStored` made. */
export const fromStored = (text: string): PresentUser => stored.parse(JSON.parse(text))
