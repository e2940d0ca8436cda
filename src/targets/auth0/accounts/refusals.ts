import { isWithinProfile, MOST_PROFILE_BYTES, profileBytesAtMost } from './fit-profile.ts'
import { isHashFit } from './root-fields.ts'
import type { UserRules } from './user-rules.ts'
import { addressAt } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

/** Why Auth0 takes no such user, whatever its name, in words without a secret; undefined: it does. */
export const refusalOf = (wanted: WantedUser, { takes, email: { without } }: UserRules): string | undefined => {
  const { username, threepids, passwordHash } = wanted
  const [email, phone] = [addressAt(threepids, 'email'), addressAt(threepids, 'phone')]
  if (email === undefined && takes.requiresEmail) {
    return 'it has no e-mail address that Auth0 takes as its first one, and the connection requires one'
  }
  if (email === undefined && without === 'refuse') {
    return 'it has no e-mail address that Auth0 takes as its first one, and auth0.yaml refuses such people (`email.without`)'
  }
  if (phone === undefined && takes.requiresPhone) {
    return 'it has no phone number that Auth0 takes, and the connection requires one'
  }
  if (username === undefined && email === undefined && phone === undefined) {
    return 'it has neither a username nor an e-mail address nor a phone number that Auth0 takes'
  }
  if (passwordHash !== undefined && !isHashFit(passwordHash)) {
    return 'the hash of its password is of no kind that Auth0 takes: bcrypt, beginning with $2a$, $2b$ or $2y$'
  }
  if (isWithinProfile(wanted)) return undefined
  return `its profile has ${profileBytesAtMost(wanted)} bytes without anything that can be left, and Auth0 takes little more than ${MOST_PROFILE_BYTES}`
}
