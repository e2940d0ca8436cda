import { z } from 'zod'
import { decodeMarks, MARKS } from '../accounts/marks.ts'
import { type IdentityProfile, NAME_FIELDS, type NameField, type PresentIdentity, type PresentUser } from './user.ts'

const METADATA = z.record(z.string(), z.unknown()).nullish()

/** ISO 8601; some connections give an object, of which nothing is known. */
const TIME = z.unknown().transform((value): number | undefined => {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : milliseconds
})

const PROFILE_FIELDS = {
  username: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().nullish(),
  phone_number: z.string().nullish(),
  phone_verified: z.boolean().nullish(),
  name: z.string().nullish(),
  given_name: z.string().nullish(),
  family_name: z.string().nullish(),
  nickname: z.string().nullish(),
  picture: z.string().nullish(),
}

const PROFILE = z.object(PROFILE_FIELDS)

const namesOf = (user: z.output<typeof PROFILE>): PresentUser['names'] => {
  const names: Partial<Record<NameField, string>> = {}
  for (const field of NAME_FIELDS) {
    const name = user[field]
    if (name) names[field] = name
  }
  return names
}

const profileOf = (user: z.output<typeof PROFILE>): IdentityProfile => ({
  ...(user.username ? { username: user.username } : {}),
  ...(user.email ? { email: user.email } : {}),
  emailVerified: user.email_verified ?? false,
  ...(user.phone_number ? { phoneNumber: user.phone_number } : {}),
  phoneVerified: user.phone_verified ?? false,
  names: namesOf(user),
})

const IDENTITY = z
  .object({
    connection: z.string(),
    provider: z.string(),
    // Some providers count their people.
    user_id: z.union([z.string(), z.number()]),
    isSocial: z.boolean().nullish(),
    profileData: z.unknown().optional(),
  })
  .transform(({ connection, provider, user_id, isSocial, profileData }): PresentIdentity => {
    const profile = provider === 'auth0' ? PROFILE.safeParse(profileData).data : undefined
    return {
      connection,
      provider,
      userId: String(user_id),
      isSocial: isSocial ?? false,
      ...(profile === undefined ? {} : { profile: profileOf(profile) }),
    }
  })

const USER = z.object({
  user_id: z.string(),
  ...PROFILE_FIELDS,
  blocked: z.boolean().nullish(),
  app_metadata: METADATA,
  user_metadata: METADATA,
  identities: z.array(IDENTITY).nullish(),
  created_at: TIME.optional(),
  updated_at: TIME.optional(),
  last_login: TIME.optional(),
  last_password_reset: TIME.optional(),
  logins_count: z.number().nullish(),
})

const WHOLE_USER = USER.transform(
  (user): PresentUser => ({
    id: user.user_id,
    ...profileOf(user),
    blocked: user.blocked ?? false,
    appMetadata: user.app_metadata ?? {},
    userMetadata: user.user_metadata ?? {},
    identities: user.identities ?? [],
    ...(user.created_at === undefined ? {} : { createdAt: user.created_at }),
    ...(user.updated_at === undefined ? {} : { updatedAt: user.updated_at }),
    ...(user.last_login === undefined ? {} : { lastLogin: user.last_login }),
    ...(user.last_password_reset === undefined ? {} : { lastPasswordReset: user.last_password_reset }),
    loginsCount: user.logins_count ?? 0,
  }),
)

/** Custom databases give names as numbers too; what is no name at all is nobody's. */
const NAME = z.union([z.string(), z.number().transform(String), z.unknown().transform(() => undefined)]).optional()

const ODD_USER = z
  .object({
    user_id: z.string(),
    username: NAME,
    email: NAME,
    phone_number: NAME,
    app_metadata: z.unknown().optional(),
    identities: z.array(z.unknown()).catch([]),
  })
  .refine(({ app_metadata: metadata }) => decodeMarks(METADATA.safeParse(metadata).data?.[MARKS]) === undefined)
  .transform(
    (user): PresentUser => ({
      id: user.user_id,
      ...profileOf({ username: user.username, email: user.email, phone_number: user.phone_number }),
      blocked: false,
      appMetadata: {},
      userMetadata: {},
      identities: user.identities.flatMap((identity) => IDENTITY.safeParse(identity).data ?? []),
      // Of somebody who may be in use nothing is ever taken for ours.
      loginsCount: 1,
    }),
  )

/**
 * A user, as reads and exports give them; what an export leaves out for want of a value is as if it were null. Of somebody who is not
 * ours and has fields of another form than Auth0 documents, only who they are, by what they are known, and their identities.
 */
export const PRESENT_USER = z.union([WHOLE_USER, ODD_USER])
