import { z } from 'zod'
import type { PresentUser } from '../api/users-api.ts'
import { PROVIDER_ID } from '../provider/provider-jar.ts'

/** What is known of somebody whose password was refused. */
export interface RefusedUser {
  readonly user: PresentUser
  /** Type of each credential, and the algorithm of the password. */
  readonly credentials: readonly { readonly type: string; readonly algorithm?: string }[]
  /** Attributes that the profile asks for and that the user lacks. */
  readonly lacks: readonly string[]
  /** Closed for a while after wrong passwords. */
  readonly isLockedOut: boolean
  /** The realm's flow for logins without a browser. */
  readonly flow: string
}

export const CREDENTIALS = z.array(z.object({ type: z.string(), credentialData: z.string().optional() }))

const OWN_FLOW = 'direct grant'
const NOT_SET_UP = 'Account is not fully set up'
const INVALID = 'Invalid user credentials'

/**
 * Keycloak's words, and what they mean for this user. A wrong password, a provider that is missing and a pepper that differs look
 * the same to Keycloak.
 */
export const refusalWords = (grant: { readonly error: string; readonly words: string }, known: RefusedUser): string => {
  const { error, words } = grant
  const said = words === '' ? error : words
  const why = reasonOf(grant, known)
  const flow =
    known.flow === OWN_FLOW
      ? ''
      : `; the realm's direct grant flow is ${JSON.stringify(known.flow)}, which may ask for more than a password`
  return `${said}${why === undefined ? '' : `: ${why}`}${error === 'invalid_grant' ? flow : ''}`
}

const reasonOf = (
  { error, words }: { readonly error: string; readonly words: string },
  { user, credentials, lacks, isLockedOut }: RefusedUser,
): string | undefined => {
  if (error === 'unauthorized_client') return 'a client policy of the realm forbids logins by password alone'
  if (words === NOT_SET_UP) {
    if (user.requiredActions.length > 0) return `required actions wait: ${user.requiredActions.join(', ')}`
    if (lacks.length > 0) return `the user profile requires ${lacks.join(', ')}`
    return 'the user profile refuses a value, such as the username or the e-mail address; see syn2op check'
  }
  if (!user.enabled) return 'the user is disabled, as who is deactivated or locked in Synapse'
  if (isLockedOut) return 'wrong passwords have closed the account for a while'
  if (words !== INVALID) return undefined
  const password = credentials.find(({ type }) => type === 'password')
  if (password === undefined) return 'the user has no password'
  if (credentials.some(({ type }) => type === 'otp')) return 'the user has a second factor, or the password is wrong'
  return password.algorithm === PROVIDER_ID
    ? 'the password is wrong, or Keycloak lacks the provider or its pepper; see syn2op check'
    : 'the password is wrong; Keycloak has hashed it anew since the migration, or its owner has changed it'
}
