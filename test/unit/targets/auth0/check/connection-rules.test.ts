import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connectionRules } from '../../../../../src/targets/auth0/check/connection-rules.ts'

describe('what a connection takes', () => {
  it('is an e-mail address of everybody, and no username, where its options say nothing', () => {
    expect(connectionRules({})).toEqual({
      takesUsernames: false,
      usernameLength: { min: 1, max: 15 },
      takesUsernamesLike: { emails: false, phones: true },
      takesPhones: false,
      requiresEmail: true,
      requiresUsername: false,
      requiresPhone: false,
    })
  })

  it('is usernames of 1 to 15 characters with requires_username, or of as many as its validation says', () => {
    expect(connectionRules({ requires_username: true })).toMatchObject({
      takesUsernames: true,
      usernameLength: { min: 1, max: 15 },
    })
    const validation = { username: { min: 3, max: 64 } }
    expect(connectionRules({ requires_username: true, validation }).usernameLength).toEqual({ min: 3, max: 64 })
    expect(connectionRules({ requires_username: true, validation: { username: null } }).usernameLength.max).toBe(15)
  })

  it('is what its attributes say, whatever the older options say beside them', () => {
    const attributes = {
      username: { profile_required: false, validation: { max_length: 128, allowed_types: { email: true } } },
      phone_number: { profile_required: false },
    }
    expect(connectionRules({ requires_username: false, validation: { username: { max: 20 } }, attributes })).toEqual({
      takesUsernames: true,
      usernameLength: { min: 1, max: 128 },
      takesUsernamesLike: { emails: true, phones: false },
      takesPhones: true,
      requiresEmail: false,
      requiresUsername: false,
      requiresPhone: false,
    })
  })

  it('is required of everybody where an attribute is there and does not say otherwise', () => {
    expect(connectionRules({ attributes: { email: {}, username: {}, phone_number: {} } })).toMatchObject({
      requiresEmail: true,
      requiresUsername: true,
      requiresPhone: true,
    })
  })

  it('is the same e-mail address of several people where it is not unique', () => {
    expect(connectionRules({ attributes: { email: { unique: false } } })).toMatchObject({ sharesEmails: true })
    expect(connectionRules({ attributes: { email: { unique: true } } })).not.toHaveProperty('sharesEmails')
  })

  it('is always something, however strange the options are', () => {
    const options = fc.dictionary(
      fc.constantFrom('requires_username', 'validation', 'attributes', 'other'),
      fc.jsonValue({ maxDepth: 4 }),
    )
    fc.assert(
      fc.property(options, (given) => {
        const { usernameLength } = connectionRules({ ...given })
        expect(usernameLength.max).toBeLessThanOrEqual(128)
      }),
    )
  })
})
