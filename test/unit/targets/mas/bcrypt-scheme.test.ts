import { describe, expect, it } from 'vitest'
import { bcryptScheme } from '../../../../src/targets/mas/bcrypt-scheme.ts'
import type { MasPasswordScheme } from '../../../../src/targets/mas/config/mas-config.ts'

const scheme = (version: number, change: Partial<MasPasswordScheme> = {}): MasPasswordScheme => ({
  version,
  algorithm: 'bcrypt',
  unicodeNormalization: true,
  ...change,
})
const secret = (text: string): { readonly secret: Uint8Array } => ({ secret: new TextEncoder().encode(text) })
const chosen = (pepper: string | undefined, ...passwordSchemes: readonly MasPasswordScheme[]): number | undefined =>
  bcryptScheme({ passwordSchemes }, pepper)?.version

describe("the scheme for Synapse's hashes", () => {
  it('is the bcrypt scheme, whatever its version', () => {
    expect(chosen(undefined, scheme(1, { algorithm: 'argon2id' }), scheme(3), scheme(2, { algorithm: 'pbkdf2' }))).toBe(
      3,
    )
  })

  it('is none where there is no bcrypt scheme', () => {
    expect(chosen(undefined, scheme(1, { algorithm: 'argon2id' }))).toBeUndefined()
    expect(chosen(undefined)).toBeUndefined()
  })

  it('is, of several, the one whose secret is the pepper', () => {
    expect(chosen('b', scheme(1, secret('a')), scheme(2, secret('b')))).toBe(2)
    expect(chosen(undefined, scheme(1, secret('a')), scheme(2))).toBe(2)
  })

  it('takes an empty pepper or secret for none', () => {
    expect(chosen('', scheme(1, secret('a')), scheme(2))).toBe(2)
    expect(chosen(undefined, scheme(1, secret('a')), scheme(2, secret('')))).toBe(2)
  })

  it('is, of several with the pepper, the one that normalises passwords, then the lowest', () => {
    expect(chosen('a', scheme(4, secret('a')), scheme(3, secret('a')))).toBe(3)
    expect(chosen('a', scheme(3, { ...secret('a'), unicodeNormalization: false }), scheme(4, secret('a')))).toBe(4)
  })

  it('is one to name in a finding where no secret is the pepper', () => {
    expect(chosen('c', scheme(2, secret('b')), scheme(1, secret('a')))).toBe(1)
  })
})
