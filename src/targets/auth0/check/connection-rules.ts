import { z } from 'zod'
import type { ConnectionRules } from '../accounts/user-rules.ts'

/** Where nobody has said otherwise. Source: Auth0's page on usernames of database connections. */
const USUAL_LENGTH = { min: 1, max: 15 } as const

/** No connection takes longer usernames. Source: as above. */
export const LONGEST_USERNAME = 128

const FLAG = z.boolean().optional().catch(undefined)
const LENGTH = z.int().min(1).max(LONGEST_USERNAME).optional().catch(undefined)

const ATTRIBUTE = z.object({ profile_required: FLAG })
const EMAIL_ATTRIBUTE = ATTRIBUTE.extend({ unique: FLAG })
const USERNAME_ATTRIBUTE = z.object({
  profile_required: FLAG,
  validation: z
    .object({
      min_length: LENGTH,
      max_length: LENGTH,
      allowed_types: z.object({ email: FLAG, phone_number: FLAG }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

const OPTIONS = z.object({
  requires_username: FLAG,
  validation: z
    .object({ username: z.object({ min: LENGTH, max: LENGTH }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  attributes: z
    .object({
      email: EMAIL_ATTRIBUTE.optional().catch(undefined),
      username: USERNAME_ATTRIBUTE.optional().catch(undefined),
      phone_number: ATTRIBUTE.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

/** An attribute that is there is required unless it says otherwise, as it is where it is newly added. */
const isRequired = (attribute: z.output<typeof ATTRIBUTE> | undefined): boolean =>
  attribute !== undefined && attribute.profile_required !== false

/**
 * What a database connection takes, by its `options` as GET /connections/{id} gives them. Without `attributes` it is of the older
 * kind, where everybody has an e-mail address; with `requires_username` only the form for signing up asks for a username as well.
 */
export const connectionRules = (options: Readonly<Record<string, unknown>>): ConnectionRules => {
  const { requires_username: takesUsernames = false, validation, attributes } = OPTIONS.parse(options)
  if (attributes === undefined) {
    return {
      takesUsernames,
      usernameLength: { ...USUAL_LENGTH, ...lengthOf(validation?.username) },
      takesUsernamesLike: { emails: false, phones: true },
      takesPhones: false,
      requiresEmail: true,
      requiresUsername: false,
      requiresPhone: false,
    }
  }
  const { email, username, phone_number: phone } = attributes
  const { min_length: min, max_length: max, allowed_types: like } = username?.validation ?? {}
  return {
    takesUsernames: username !== undefined,
    usernameLength: { ...USUAL_LENGTH, ...lengthOf({ min, max }) },
    takesUsernamesLike: { emails: like?.email === true, phones: like?.phone_number === true },
    takesPhones: phone !== undefined,
    requiresEmail: isRequired(email),
    requiresUsername: isRequired(username),
    requiresPhone: isRequired(phone),
    ...(email?.unique === false ? { sharesEmails: true } : {}),
  }
}

interface Lengths {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

const lengthOf = ({ min, max }: Lengths = {}): { readonly min?: number; readonly max?: number } => ({
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
})

/** The same where usernames are as long as a connection can have them: what `syn2op auth0 prepare` makes of it. */
export const atItsWidest = (takes: ConnectionRules): ConnectionRules => ({
  ...takes,
  usernameLength: { min: 1, max: LONGEST_USERNAME },
})

/** Whether which identifiers people have is set one by one. */
export const hasFlexibleIdentifiers = (options: Readonly<Record<string, unknown>>): boolean =>
  OPTIONS.parse(options).attributes !== undefined
