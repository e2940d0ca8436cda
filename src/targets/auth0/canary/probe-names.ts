import type { ConnectionRules } from '../accounts/user-rules.ts'

const NAMES = ['peppered', 'long-peppered', 'spaced', 'unusual', 'unfit'] as const

export type ProbeName = (typeof NAMES)[number]

/** What a probe is known by. */
export interface ProbeNames {
  /** Without the strategy before it. */
  readonly userId: string
  readonly email: string
  readonly username: string
  readonly phone: string
}

/** What no trial's names can be but by intention: the domain is reserved for what does not exist (RFC 2606). */
const PROBE_PREFIX = 'syn2op-canary-'
const DOMAIN = 'syn2op-canary.invalid'

/** Of the numbers of an area that end in 555-01xx nobody has one: they are kept for films and the like. */
const FICTIONAL_PREFIX = '+120255501'
const FICTIONAL_NUMBERS = 100

/** @param tag six hexadecimal digits */
export const probeNames = (
  tag: string,
  name: ProbeName,
  { usernameLength }: Pick<ConnectionRules, 'usernameLength'>,
): ProbeNames => {
  const ordinal = NAMES.indexOf(name)
  const digits = (Number.parseInt(tag, 16) + ordinal) % FICTIONAL_NUMBERS
  return {
    userId: `${PROBE_PREFIX}${tag}-${name}`,
    email: `${tag}-${name}@${DOMAIN}`,
    username: `s2o-${tag}-${ordinal}`.padEnd(usernameLength.min, 'x'),
    phone: `${FICTIONAL_PREFIX}${digits.toString().padStart(2, '0')}`,
  }
}

/** As the connection takes everybody. */
export const usualRow = (
  { userId, email, username, phone }: ProbeNames,
  { takesUsernames, requiresPhone }: Pick<ConnectionRules, 'takesUsernames' | 'requiresPhone'>,
) => ({
  user_id: userId,
  email,
  email_verified: true,
  ...(takesUsernames ? { username } : {}),
  ...(requiresPhone ? { phone_number: phone, phone_verified: true } : {}),
})
