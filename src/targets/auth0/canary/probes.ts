import { hash } from 'bcryptjs'
import type { ConnectionRules } from '../accounts/user-rules.ts'

/** A user whom only a trial has. */
export interface Probe {
  /** Without the strategy before it. */
  readonly userId: string
  /** As an import takes it. Holds a hash and a made-up pepper: secrets. */
  readonly row: Readonly<Record<string, unknown>>
}

export interface Probes {
  /** By which the probes of one trial are told from those of another. */
  readonly tag: string
  /** Of cost 12, with a pepper behind it; its address, and the identity that is noted of it. */
  readonly peppered: Probe & { readonly email: string; readonly password: string; readonly note: string }
  readonly withoutEmail: Probe & { readonly username: string }
  readonly withPhone: Probe
  readonly withLetters: Probe & { readonly username: string }
  readonly withLongId: Probe
}

export interface ProbeSecrets {
  /** Six hexadecimal digits. */
  readonly tag: string
  /** Made for this trial, known to nobody. A secret. */
  readonly password: string
  /** Likewise: never the pepper of anybody's Synapse. */
  readonly pepper: string
}

/** As Synapse has it unless it is told otherwise. */
const COST = 12

/** What no trial's names can be but by intention: the domain is reserved for what does not exist (RFC 2606). */
export const PROBE_PREFIX = 'syn2op-canary-'
const DOMAIN = 'syn2op-canary.invalid'

/** Of the numbers of an area that end in 555-01xx nobody has one: they are kept for films and the like. */
const FICTIONAL_PREFIX = '+120255501'
const FICTIONAL_NUMBERS = 100

/** The longest that syn2op takes Auth0 to take. */
export const LONGEST_USER_ID = 255

/** Five users, each for something that is not certain, and else such as the connection takes them. */
export const makeProbes = async (
  { tag, password, pepper }: ProbeSecrets,
  { takesUsernames, usernameLength }: Pick<ConnectionRules, 'takesUsernames' | 'usernameLength'>,
): Promise<Probes> => {
  const email = (name: string): string => `${tag}-${name}@${DOMAIN}`
  const userId = (name: string): string => `${PROBE_PREFIX}${tag}-${name}`
  const usernameOf = (letter: string): string => `s2o-${tag}-${letter}`.padEnd(usernameLength.min, 'x')
  const addressed = (name: string) => ({
    user_id: userId(name),
    email: email(name),
    email_verified: true,
    ...(takesUsernames ? { username: usernameOf(name.charAt(0)) } : {}),
  })
  const note = `syn2op-canary|${tag}`
  const username = usernameOf('e')
  const letters = `a=b/c.${tag}`.padEnd(usernameLength.min, 'x')
  const longId = userId('long').padEnd(LONGEST_USER_ID, 'x')
  const digits = (Number.parseInt(tag, 16) % FICTIONAL_NUMBERS).toString().padStart(2, '0')
  return {
    tag,
    peppered: {
      userId: userId('peppered'),
      email: email('peppered'),
      password,
      note,
      row: {
        ...addressed('peppered'),
        app_metadata: { matrix: { external_ids: [note] } },
        custom_password_hash: {
          algorithm: 'bcrypt',
          hash: { value: await hash(password + pepper, COST), encoding: 'utf8' },
          salt: { value: pepper, encoding: 'utf8', position: 'suffix' },
        },
      },
    },
    withoutEmail: {
      userId: userId('without-email'),
      username,
      row: { user_id: userId('without-email'), username, given_name: 'before' },
    },
    withPhone: {
      userId: userId('phone'),
      row: { ...addressed('phone'), phone_number: `${FICTIONAL_PREFIX}${digits}` },
    },
    withLetters: {
      userId: userId('letters'),
      username: letters,
      row: { ...addressed('letters'), username: letters },
    },
    withLongId: { userId: longId, row: { ...addressed('long'), user_id: longId } },
  }
}
