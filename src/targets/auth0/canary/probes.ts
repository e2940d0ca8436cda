import { hash } from 'bcryptjs'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import { type ProbeName, type ProbeNames, probeNames, usualRow } from './probe-names.ts'
import type { ProbeSecrets } from './probe-secrets.ts'

/** A user whom only a trial has. */
export interface Probe {
  /** Without the strategy before it. */
  readonly userId: string
  /** As an import takes it. May hold a hash and a made-up pepper: secrets. */
  readonly row: Readonly<Record<string, unknown>>
}

/** A probe who logs in. */
export interface ProbeWithPassword extends Probe {
  readonly email: string
  /** A secret. */
  readonly password: string
}

export interface Probes {
  /** By which the probes of one trial are told from those of another. */
  readonly tag: string
  /** Of cost 12, with a pepper behind it; the identity that is noted of it, and itself with another hash. */
  readonly peppered: ProbeWithPassword & { readonly note: string; readonly renewed: ProbeWithPassword }
  /** With a pepper that leaves its password little of bcrypt's 72 bytes. */
  readonly longPeppered: ProbeWithPassword & { readonly pepperBytes: number }
  /** Whose password has a space and an umlaut; without a pepper. */
  readonly spaced: ProbeWithPassword
  /** Of all that is unusual, and that syn2op takes Auth0 to take: the longest user_id, no address, a phone number. */
  readonly unusual: Probe & { readonly phone: string }
  /** Of what syn2op takes Auth0 to refuse: letters, and a phone number where the connection takes none. */
  readonly unfit: Probe & { readonly username: string }
}

/** As Synapse has it unless it is told otherwise. */
const COST = 12

/** Of hashes by which something else than the cost is asked. */
const USUAL_COST = 10

/** The longest that syn2op takes Auth0 to take. */
export const LONGEST_USER_ID = 255

const custom = (value: string, pepper?: string) => ({
  custom_password_hash: {
    algorithm: 'bcrypt',
    hash: { value, encoding: 'utf8' },
    ...(pepper === undefined ? {} : { salt: { value: pepper, encoding: 'utf8', position: 'suffix' } }),
  },
})

/** Five users, each for something that is not certain, and else such as the connection takes them. */
export const makeProbes = async (secrets: ProbeSecrets, takes: ConnectionRules): Promise<Probes> => {
  const { tag, passwords, peppers } = secrets
  const { takesUsernames, takesPhones, requiresEmail, usernameLength } = takes
  const nameOf = (name: ProbeName): ProbeNames => probeNames(tag, name, takes)
  const rowOf = (name: ProbeName) => usualRow(nameOf(name), takes)
  const withPassword = (
    name: ProbeName,
    password: string,
    more: Readonly<Record<string, unknown>>,
  ): ProbeWithPassword => {
    const { userId, email } = nameOf(name)
    return { userId, email, password, row: { ...rowOf(name), ...more } }
  }

  const note = `syn2op-canary|${tag}`
  const noted = { app_metadata: { matrix: { external_ids: [note] } } }
  const peppered = async (password: string, cost: number): Promise<ProbeWithPassword> => {
    const value = await hash(password + peppers.short, cost)
    return withPassword('peppered', password, { ...noted, ...custom(value, peppers.short) })
  }
  const { email: _, email_verified: __, ...unaddressed } = rowOf('unusual')
  const unusual = nameOf('unusual')
  const longId = unusual.userId.padEnd(LONGEST_USER_ID, 'x')
  const letters = `a=b/c.${tag}`.padEnd(usernameLength.min, 'x')
  const unfit = nameOf('unfit')
  return {
    tag,
    peppered: {
      ...(await peppered(passwords.first, COST)),
      note,
      renewed: await peppered(passwords.second, USUAL_COST),
    },
    longPeppered: {
      ...withPassword(
        'long-peppered',
        passwords.short,
        custom(await hash(passwords.short + peppers.long, USUAL_COST), peppers.long),
      ),
      pepperBytes: peppers.long.length,
    },
    spaced: withPassword('spaced', passwords.spaced, custom(await hash(passwords.spaced, USUAL_COST))),
    unusual: {
      userId: longId,
      phone: unusual.phone,
      row: {
        ...(takesUsernames && !requiresEmail ? unaddressed : rowOf('unusual')),
        user_id: longId,
        ...(takesPhones ? { phone_number: unusual.phone, phone_verified: true } : {}),
      },
    },
    unfit: {
      userId: unfit.userId,
      username: letters,
      row: {
        ...rowOf('unfit'),
        ...(takesUsernames ? { username: letters } : {}),
        ...(takesPhones ? {} : { phone_number: unfit.phone }),
      },
    },
  }
}
