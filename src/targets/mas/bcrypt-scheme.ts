import type { MasConfig, MasPasswordScheme } from './config/mas-config.ts'

const bytesOf = (pepper: string | undefined): Buffer => Buffer.from(pepper ?? '', 'utf8')

/** An empty pepper and none are the same for Synapse, an empty secret and none for MAS. */
export const secretEquals = (scheme: MasPasswordScheme, pepper: string | undefined): boolean =>
  Buffer.from(scheme.secret ?? []).equals(bytesOf(pepper))

/**
 * The scheme of MAS under whose version Synapse's password hashes are written: of its bcrypt schemes the one whose secret
 * is the pepper, among several the one that normalises passwords as Synapse does, then the lowest version. When no secret is
 * the pepper the choice is the same among all of them, and the check says what is wrong. Undefined when MAS has no
 * bcrypt scheme.
 */
export const bcryptScheme = (
  { passwordSchemes }: Pick<MasConfig, 'passwordSchemes'>,
  pepper: string | undefined,
): MasPasswordScheme | undefined =>
  passwordSchemes
    .filter(({ algorithm }) => algorithm === 'bcrypt')
    .toSorted(
      (one, other) =>
        Number(secretEquals(other, pepper)) - Number(secretEquals(one, pepper)) ||
        Number(other.unicodeNormalization) - Number(one.unicodeNormalization) ||
        one.version - other.version,
    )[0]
