import { describe, expect, it } from 'vitest'
import { fieldSettings } from '../../../../../src/rehearsal/standins/auth0/connection-settings.ts'

const of = (options: Readonly<Record<string, unknown>>) => fieldSettings({ options })

describe('what a connection says of the fields of its users', () => {
  it('is an e-mail address and nothing else, where it says nothing', () => {
    expect(of({})).toEqual({
      takesPhoneNumbers: false,
      requires: { email: true, username: false, phoneNumber: false },
      sharesEmails: false,
    })
  })

  it('takes usernames of 1 to 15 characters where it says no length', () => {
    const usual = { shortest: 1, longest: 15, mayBeEmailAddresses: false }
    expect(of({ requires_username: true }).usernames).toMatchObject(usual)
    expect(of({ requires_username: true, validation: null }).usernames).toMatchObject(usual)
    expect(of({ attributes: { username: {} } }).usernames).toMatchObject({ ...usual, mayBePhoneNumbers: false })
  })

  it('takes the lengths that it says, in either form', () => {
    expect(of({ requires_username: true, validation: { username: { min: 3, max: 64 } } }).usernames).toMatchObject({
      shortest: 3,
      longest: 64,
    })
    expect(of({ attributes: { username: { validation: { min_length: 3, max_length: 64 } } } }).usernames).toMatchObject(
      {
        shortest: 3,
        longest: 64,
      },
    )
  })

  it('goes by the attributes where it has both', () => {
    const options = {
      requires_username: true,
      validation: { username: { min: 1, max: 128 } },
      attributes: { email: {} },
    }
    expect(of(options).usernames).toBeUndefined()
  })

  it('requires an attribute unless the attribute says otherwise', () => {
    expect(of({ attributes: { username: {}, phone_number: {} } }).requires).toEqual({
      email: false,
      username: true,
      phoneNumber: true,
    })
    const attributes = { email: { profile_required: false }, username: { profile_required: false } }
    expect(of({ attributes }).requires).toEqual({ email: false, username: false, phoneNumber: false })
  })

  it('says what usernames may look like, and whether addresses are shared', () => {
    const attributes = {
      email: { unique: false },
      username: { validation: { allowed_types: { email: true, phone_number: true } } },
    }
    expect(of({ attributes })).toMatchObject({
      sharesEmails: true,
      usernames: { mayBeEmailAddresses: true, mayBePhoneNumbers: true },
    })
  })
})
