import { describe, expect, it } from 'vitest'
import { isAbout } from '../../../../../src/targets/auth0/canary/refusals.ts'

describe('a refusal is about a field', () => {
  it.each([
    ['phone_number', { path: 'identities[0].profileData.phone_number', message: 'Additional properties not allowed' }],
    ['phone_number', { path: 'identities[0]', message: 'Additional properties not allowed: phone_number' }],
    ['username', { message: 'Error in identities[0].profileData.username property - String does not match pattern' }],
    ['user_id', { path: 'user_id', message: 'String is too long' }],
    ['password_hash', { message: 'Error in passwordHash property - String does not match pattern' }],
    ['password_hash', { message: 'Error in customPasswordHash property - Invalid hash' }],
    ['password_hash', { path: 'custom_password_hash.hash.value', message: 'String does not match pattern' }],
  ])('%s, as %o', (field, error) => {
    expect(isAbout([{ code: 'PATTERN', ...error }], field)).toBe(true)
  })

  it('and not about another', () => {
    const error = { code: 'OBJECT_REQUIRED', path: 'email', message: 'Missing required property: email' }
    expect(['phone_number', 'username', 'user_id', 'password_hash'].filter((field) => isAbout([error], field))).toEqual(
      [],
    )
  })

  it('and about none where somebody is there already, whatever its words name', () => {
    const message = 'A user with this [email|username|user_id] was already provided.'
    expect(isAbout([{ code: 'DUPLICATED_USER', message }], 'username')).toBe(false)
  })
})
