import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UserRules } from '../../../../../src/targets/auth0/accounts/user-rules.ts'
import { takesUsername, usernameFor } from '../../../../../src/targets/auth0/accounts/username.ts'
import { TAKES } from './people.ts'

const rules = (unfit: UserRules['usernames']['unfit'], takes: Partial<UserRules['takes']> = {}) => ({
  usernames: { unfit },
  takes: { ...TAKES, ...takes },
})

const usernameOf = (name: string, of: ReturnType<typeof rules>): string | undefined => {
  const found = usernameFor(name, of)
  return found.kind === 'fit' ? found.username : undefined
}

const folded = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z0-9@.+~=/_-]{0,12}$/), fc.stringMatching(/^\+?\d*$/))
  .map((text) => text.toLowerCase())

const unescaped = (username = ''): string =>
  Buffer.from(
    username.replaceAll(/~([0-9a-f]{2})/gu, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

describe('a username', () => {
  it('stays as it is where Auth0 takes it, in small letters', () => {
    for (const unfit of ['escape', 'leave', 'refuse'] as const) {
      expect(usernameOf('Anna.Field-1', rules(unfit))).toBe('anna.field-1')
    }
  })

  it('has each letter that Auth0 does not take as ~ and two hexadecimal digits', () => {
    expect(usernameOf('a/b=c', rules('escape'))).toBe('a~2fb~3dc')
    expect(usernameOf('é', rules('escape'))).toBe('~c3~a9')
    expect(usernameOf('a~b', rules('escape'))).toBe('a~7eb')
  })

  it('is escaped so that the name is found again, and no two names become one', () => {
    fc.assert(
      fc.property(folded, fc.boolean(), fc.boolean(), (name, emails, phones) => {
        const usernameLength = { min: 0, max: Number.POSITIVE_INFINITY }
        const escaped = usernameOf(name, rules('escape', { usernameLength, takesUsernamesLike: { emails, phones } }))
        expect(unescaped(escaped)).toBe(name)
        expect(escaped).toMatch(/^[a-z0-9@^$.!`\-#+'~_]*$/)
      }),
    )
  })

  it('looks like no address and no phone number, where the connection takes none such', () => {
    expect(usernameOf('anna@example.org', rules('escape'))).toBe('anna~40example.org')
    expect(usernameOf('491701234567', rules('escape'))).toBe('~3491701234567')
    expect(usernameOf('+491701', rules('escape'))).toBe('~2b491701')
    const takesUsernamesLike = { emails: true, phones: true }
    expect(usernameOf('anna@example.org', rules('escape', { takesUsernamesLike }))).toBe('anna@example.org')
    expect(usernameOf('491701234567', rules('escape', { takesUsernamesLike }))).toBe('491701234567')
  })

  it('is never one that Auth0 would refuse', () => {
    fc.assert(
      fc.property(folded, fc.constantFrom('escape', 'leave', 'refuse'), (name, unfit) => {
        const username = usernameOf(name, rules(unfit))
        if (username === undefined) return
        expect(username).toMatch(/^[a-z0-9@^$.!`\-#+'~_]{1,128}$/)
        expect(username).not.toMatch(/^([^@]+@[^@]+\.[^@.]+|\+\d{1,15}|\d{7,15})$/)
      }),
    )
  })

  it('is refused in words, or left out, where it has no form that fits', () => {
    const long = 'x'.repeat(129)
    expect(usernameFor(long, rules('escape'))).toMatchObject({ kind: 'refused', words: expect.stringContaining('128') })
    expect(usernameFor('a/b', rules('refuse'))).toMatchObject({ kind: 'refused' })
    expect(usernameFor('anna@example.org', rules('refuse'))).toMatchObject({ kind: 'refused' })
    expect(usernameFor('4917012345', rules('refuse'))).toMatchObject({ kind: 'refused' })
    expect(usernameFor('a', rules('escape', { usernameLength: { min: 2, max: 15 } }))).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('2 at least'),
    })
    for (const name of [long, 'a/b', '']) expect(usernameFor(name, rules('leave'))).toEqual({ kind: 'none' })
    expect(takesUsername('a/b', rules('leave'))).toBe(true)
    expect(takesUsername('a/b', rules('refuse'))).toBe(false)
    expect(takesUsername('a/b', rules('leave', { requiresUsername: true }))).toBe(false)
  })

  it('is none where the connection takes none', () => {
    expect(usernameFor('anna', rules('escape', { takesUsernames: false }))).toEqual({ kind: 'none' })
  })
})
