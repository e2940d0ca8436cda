import { randomBytes } from 'node:crypto'

/** Made for one trial, known to nobody: secrets, but the tag. */
export interface ProbeSecrets {
  /** Six hexadecimal digits. */
  readonly tag: string
  readonly passwords: {
    readonly first: string
    readonly second: string
    /** Of 20 bytes. */
    readonly short: string
    /** With a space, and a letter outside ASCII that no normalization changes. */
    readonly spaced: string
  }
  /** Never the pepper of anybody's Synapse. */
  readonly peppers: { readonly short: string; readonly long: string }
}

/** As `pwgen -s 64` gives it, which is usual. Bytes. */
const LONG_PEPPER = 64

/** Of every kind that a password policy may ask for. */
const ALL_KINDS = 'aA1!'

/** @param pepperBytes how long Synapse's pepper is, where that is known */
export const makeSecrets = (pepperBytes: number = LONG_PEPPER): ProbeSecrets => ({
  tag: randomBytes(3).toString('hex'),
  passwords: {
    first: `${text(24)}${ALL_KINDS}`,
    second: `${text(24)}${ALL_KINDS}`,
    short: `${text(16)}${ALL_KINDS}`,
    spaced: `${text(8)} ü${text(8)}${ALL_KINDS}`,
  },
  peppers: { short: text(16), long: text(pepperBytes) },
})

/** Letters, digits, `-` and `_`. */
const text = (length: number): string => randomBytes(length).toString('base64url').slice(0, length)
