import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterLogin, ownPassword, verifyPassword } from '../../../../../src/rehearsal/standins/auth0/passwords.ts'
import { USUAL_READINGS } from '../../../../../src/rehearsal/standins/auth0/readings.ts'
import type { StoredPassword } from '../../../../../src/rehearsal/standins/auth0/tenant.ts'

// Hashes of libxcrypt, not of the library on trial.
const SALT = 'abcdefghijklmnopqrstuu'
const HORSE_AND_PEPPER = {
  '$2a$04$': 'gEH5s5r3zGAd2.thRclysskVPVf1JhW',
  '$2b$04$': 'gEH5s5r3zGAd2.thRclysskVPVf1JhW',
  '$2y$04$': 'gEH5s5r3zGAd2.thRclysskVPVf1JhW',
  '$2b$10$': 'JuM1ewG/SgEEwUZpHwV7SCxqHVbfPrW',
  '$2b$12$': 'U1pbrCxAR3RWqecLQDBjAVnZoL.AFxe',
} as const
const cheap = (end: string): string => `$2b$04$${SALT}${end}`
const HORSE_PEPPERED = cheap(HORSE_AND_PEPPER['$2b$04$'])
const NON_ASCII_PEPPERED = cheap('f8DaclQM5.Vgom/txgFIep6z08AtugW')
const AS_72 = cheap('BzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe')
const AS_70_AND_10_PS = cheap('cudLW7MWkVMHDgkGfla142Apcktid0i')
const AS_62_AND_10_PS = cheap('kWY.yZJoHWwNT/8QbbfPOFltWRDZlA2')
const AS_71_AND_CRAB = cheap('3ArCVnvgaGqIxfTmaEp9qWL9ayKYFzq')
const FISH = cheap('C/7ze8doKjXDCv/v.3BRzytBpn/bJlG')
const EMPTY_PEPPERED = cheap('TM.SL3ES.jMExvHH..auUyqQRMoqLF.')

const imported = (value: string, more: Readonly<Record<string, unknown>> = {}): StoredPassword => ({
  kind: 'imported',
  custom: { algorithm: 'bcrypt', hash: { value, encoding: 'utf8' }, ...more },
})

const withPepper = (value: string, more: Readonly<Record<string, unknown>> = {}): StoredPassword =>
  imported(value, { salt: { value: 'pepper', encoding: 'utf8', position: 'suffix', ...more } })

describe('a bcrypt hash with a pepper', () => {
  it.each(Object.entries(HORSE_AND_PEPPER))('keeps the password of a hash %s', async (prefix, end) => {
    const stored = withPepper(`${prefix}${SALT}${end}`)
    expect(await verifyPassword(stored, 'correct horse')).toBe(true)
    expect(await verifyPassword(stored, 'correct horsf')).toBe(false)
  })

  it('lets nobody in who types the pepper too', async () => {
    expect(await verifyPassword(withPepper(HORSE_PEPPERED), 'correct horsepepper')).toBe(false)
    expect(await verifyPassword(imported(HORSE_PEPPERED), 'correct horsepepper')).toBe(true)
  })

  it('puts it before the password unless it is said to go after it', async () => {
    expect(await verifyPassword(withPepper(HORSE_PEPPERED, { position: undefined }), 'correct horse')).toBe(false)
    const before = imported(HORSE_PEPPERED, { salt: { value: 'correct ', encoding: 'utf8' } })
    expect(await verifyPassword(before, 'horsepepper')).toBe(true)
  })

  it.each([
    ['base64', Buffer.from('pepper').toString('base64')],
    ['hex', Buffer.from('pepper').toString('hex').toUpperCase()],
    [undefined, 'pepper'],
  ])('reads a pepper in %s', async (encoding, value) => {
    expect(await verifyPassword(withPepper(HORSE_PEPPERED, { encoding, value }), 'correct horse')).toBe(true)
  })

  it('hashes UTF-8, emoji and all', async () => {
    expect(await verifyPassword(withPepper(NON_ASCII_PEPPERED), 'pâté 🦀')).toBe(true)
  })

  it('does not compose what is typed decomposed, or the other way round', async () => {
    expect(await verifyPassword(withPepper(NON_ASCII_PEPPERED), 'pâté 🦀'.normalize('NFD'))).toBe(false)
    expect(await verifyPassword(imported(FISH), 'fish')).toBe(true)
    expect(await verifyPassword(imported(FISH), 'ﬁsh')).toBe(false)
  })

  it('takes an empty password for one', async () => {
    expect(await verifyPassword(withPepper(EMPTY_PEPPERED), '')).toBe(true)
    expect(await verifyPassword(withPepper(EMPTY_PEPPERED), ' ')).toBe(false)
  })
})

describe('the 72 bytes of bcrypt', () => {
  it('ignores what comes after them', async () => {
    expect(await verifyPassword(imported(AS_72), 'a'.repeat(72))).toBe(true)
    expect(await verifyPassword(imported(AS_72), 'a'.repeat(73))).toBe(true)
    expect(await verifyPassword(imported(AS_72), 'a'.repeat(71))).toBe(false)
  })

  it('loses what of the pepper does not fit, as Synapse did', async () => {
    const stored = (pepper: string) => withPepper(AS_70_AND_10_PS, { value: pepper })
    expect(await verifyPassword(stored('p'.repeat(10)), 'a'.repeat(70))).toBe(true)
    expect(await verifyPassword(stored('pp'), 'a'.repeat(70))).toBe(true)
    expect(await verifyPassword(stored('pq'), 'a'.repeat(70))).toBe(false)
    expect(await verifyPassword(stored('p'), 'a'.repeat(70))).toBe(false)
  })

  it('cuts a character in the middle', async () => {
    expect(await verifyPassword(imported(AS_71_AND_CRAB), `${'a'.repeat(71)}🦀`)).toBe(true)
    // Of the same first byte.
    expect(await verifyPassword(imported(AS_71_AND_CRAB), `${'a'.repeat(71)}🎉`)).toBe(true)
    expect(await verifyPassword(imported(AS_71_AND_CRAB), `${'a'.repeat(71)}é`)).toBe(false)
  })
})

describe('the other reading of 72 bytes, that the password is cut and the salt is not', () => {
  const CUT = { ...USUAL_READINGS, cutTo72: 'password' } as const
  const stored = (value: string, pepper: string) => withPepper(value, { value: pepper })

  it('cuts the password to what the pepper leaves of them', async () => {
    const at62 = stored(AS_62_AND_10_PS, 'p'.repeat(10))
    expect(await verifyPassword(at62, 'a'.repeat(62), CUT)).toBe(true)
    expect(await verifyPassword(at62, 'a'.repeat(70), CUT)).toBe(true)
    expect(await verifyPassword(at62, 'a'.repeat(61), CUT)).toBe(false)
    expect(await verifyPassword(at62, 'a'.repeat(70))).toBe(false)
  })

  it('refuses a password that does not fit beside the pepper, which Synapse takes', async () => {
    const synapses = stored(AS_70_AND_10_PS, 'p'.repeat(10))
    expect(await verifyPassword(synapses, 'a'.repeat(70))).toBe(true)
    expect(await verifyPassword(synapses, 'a'.repeat(70), CUT)).toBe(false)
  })

  it('is the same where both fit, and where there is no pepper', async () => {
    expect(await verifyPassword(withPepper(HORSE_PEPPERED), 'correct horse', CUT)).toBe(true)
    expect(await verifyPassword(imported(AS_72), 'a'.repeat(73), CUT)).toBe(true)
  })
})

describe('the other reading of letters, that a login takes those alone that can be set', () => {
  const SETTABLE = { ...USUAL_READINGS, lettersAtLogin: '33 to 126' } as const

  it.each([
    ['a space', HORSE_PEPPERED, 'correct horse'],
    ['letters outside ASCII', NON_ASCII_PEPPERED, 'pâté 🦀'],
  ])('refuses a password with %s', async (_, hash, typed) => {
    expect(await verifyPassword(withPepper(hash), typed)).toBe(true)
    expect(await verifyPassword(withPepper(hash), typed, SETTABLE)).toBe(false)
  })

  it('takes any other', async () => {
    expect(await verifyPassword(imported(FISH), 'fish', SETTABLE)).toBe(true)
  })
})

describe('other hashes', () => {
  const digestOf = (algorithm: string, text: string, encoding: 'hex' | 'base64' = 'hex') => ({
    value: createHash(algorithm).update(text).digest(encoding),
    encoding,
  })

  it.each(['md5', 'sha1', 'sha256', 'sha512'])('lets in by %s', async (algorithm) => {
    for (const encoding of ['hex', 'base64'] as const) {
      const custom = {
        algorithm,
        hash: digestOf(algorithm, 'pepperhorse', encoding),
        salt: { value: 'pepper' },
      }
      expect(await verifyPassword({ kind: 'imported', custom }, 'horse')).toBe(true)
      expect(await verifyPassword({ kind: 'imported', custom }, 'horses')).toBe(false)
    }
  })

  it('hashes the password in the encoding that is said', async () => {
    const value = createHash('sha256').update(Buffer.from('pâté', 'utf16le')).digest('hex')
    const custom = { algorithm: 'sha256', hash: { value, encoding: 'hex' } }
    expect(
      await verifyPassword({ kind: 'imported', custom: { ...custom, password: { encoding: 'utf16le' } } }, 'pâté'),
    ).toBe(true)
    expect(await verifyPassword({ kind: 'imported', custom }, 'pâté')).toBe(false)
  })

  it.each(['argon2', 'hmac', 'ldap', 'md4', 'pbkdf2', 'scrypt'])(
    'keeps one of %s, and lets nobody in',
    async (algorithm) => {
      const custom = { algorithm, hash: digestOf('sha256', 'horse') }
      expect(await verifyPassword({ kind: 'imported', custom }, 'horse')).toBe(false)
    },
  )

  it('lets nobody in by a password that was made up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (password) => {
        expect(await verifyPassword({ kind: 'random' }, password)).toBe(false)
      }),
    )
  })
})

describe('the first login', () => {
  it('replaces an imported hash, and its pepper, by one of cost 10 of Auth0’s own', async () => {
    const after = await afterLogin(withPepper(HORSE_PEPPERED), 'correct horse')
    expect(after).toMatchObject({ kind: 'own', bcrypt: expect.stringMatching(/^\$2[ab]\$10\$/u) })
    expect(JSON.stringify(after)).not.toContain('pepper')
    expect(await verifyPassword(after, 'correct horse')).toBe(true)
    expect(await verifyPassword(after, 'correct horsepepper')).toBe(false)
  })

  it('leaves a hash of Auth0’s own as it is', async () => {
    const own = await ownPassword('correct horse')
    expect(await afterLogin(own, 'correct horse')).toBe(own)
  })
})
