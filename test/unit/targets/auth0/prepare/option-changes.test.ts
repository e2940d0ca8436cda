import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connectionRules } from '../../../../../src/targets/auth0/check/connection-rules.ts'
import { type Lacking, newOptions, optionChanges } from '../../../../../src/targets/auth0/prepare/option-changes.ts'
import { changed } from '../../../../../src/targets/auth0/prepare/step.ts'
import { turnedRound } from '../../../../../src/targets/prepare/field-change.ts'

const AS_IT_IS: Lacking = { email: 'as it is', phone: 'as it is' }
const WITHOUT_EMAIL: Lacking = { ...AS_IT_IS, email: 'may be lacking' }

type Options = Readonly<Record<string, unknown>>

const prepared = (options: Options, lacking = AS_IT_IS): Options => changed(options, optionChanges(options, lacking))

const older = {
  requires_username: true,
  validation: { username: { min: 1, max: 15 } },
  passwordPolicy: 'good',
  brute_force_protection: true,
  configuration: { secret: 'of-a-script' },
}

const flexible = {
  attributes: {
    email: { identifier: { active: true }, profile_required: true, unique: true },
    username: { identifier: { active: true }, validation: { min_length: 3, max_length: 20, allowed_types: {} } },
    phone_number: { identifier: { active: true } },
  },
}

describe('what is changed of a connection', () => {
  it('is the length of usernames, and nothing else', () => {
    expect(prepared(older)).toEqual({ ...older, validation: { username: { min: 1, max: 128 } } })
  })

  it('is that it takes usernames, where it takes none', () => {
    expect(prepared({ passwordPolicy: 'good' })).toEqual({
      passwordPolicy: 'good',
      requires_username: true,
      validation: { username: { min: 1, max: 128 } },
    })
  })

  it('is nothing where there is room for everybody', () => {
    expect(optionChanges(newOptions(AS_IT_IS), AS_IT_IS)).toEqual([])
    expect(optionChanges(newOptions(WITHOUT_EMAIL), WITHOUT_EMAIL)).toEqual([])
  })

  it('turns on flexible identifiers only where it is said that people have no address, and drops what excludes them', () => {
    const after = prepared(older, WITHOUT_EMAIL)
    expect(after).not.toHaveProperty('requires_username')
    expect(after).not.toHaveProperty('validation')
    expect(after).toMatchObject({ passwordPolicy: 'good', configuration: older.configuration })
    expect(connectionRules(after)).toMatchObject({
      takesUsernames: true,
      requiresEmail: false,
      requiresUsername: false,
      usernameLength: { min: 1, max: 128 },
    })
  })

  it('keeps other validations than that of usernames', () => {
    const validation = { ...older.validation, password: { min: 8 } }
    expect(prepared({ ...older, validation }, WITHOUT_EMAIL)).toMatchObject({ validation: { password: { min: 8 } } })
  })

  it('is what flexible identifiers have too narrow, not what is required of people who have it', () => {
    const after = prepared(flexible)
    expect(after).toEqual({
      attributes: {
        ...flexible.attributes,
        username: {
          identifier: { active: true },
          validation: { min_length: 1, max_length: 128, allowed_types: {} },
        },
      },
    })
    expect(connectionRules(prepared(flexible, { email: 'may be lacking', phone: 'may be lacking' }))).toMatchObject({
      requiresEmail: false,
      requiresPhone: false,
    })
  })

  it('gives flexible identifiers without usernames these', () => {
    const { email } = flexible.attributes
    expect(connectionRules(prepared({ attributes: { email } }))).toMatchObject({
      takesUsernames: true,
      requiresUsername: false,
    })
  })

  it('never leaves brute-force protection off a connection that is made, nor lets anybody sign up', () => {
    for (const lacking of [AS_IT_IS, WITHOUT_EMAIL])
      expect(newOptions(lacking)).toMatchObject({ brute_force_protection: true, disable_signup: true })
  })

  const SETTING = fc.option(fc.integer({ min: 1, max: 128 }), { nil: undefined })
  const anyOptions: fc.Arbitrary<Options> = fc.oneof(
    fc.record(
      {
        requires_username: fc.boolean(),
        validation: fc.record({ username: fc.record({ min: SETTING, max: SETTING }) }, { requiredKeys: [] }),
        passwordPolicy: fc.constantFrom('good', 'none'),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      attributes: fc.record(
        {
          email: fc.record({ profile_required: fc.boolean(), unique: fc.boolean() }, { requiredKeys: [] }),
          username: fc.record(
            { validation: fc.record({ max_length: SETTING, min_length: SETTING }) },
            { requiredKeys: [] },
          ),
          phone_number: fc.record({ profile_required: fc.boolean() }, { requiredKeys: [] }),
        },
        { requiredKeys: [] },
      ),
    }),
  )
  const anyLacking: fc.Arbitrary<Lacking> = fc.record({
    email: fc.constantFrom('may be lacking' as const, 'as it is' as const),
    phone: fc.constantFrom('may be lacking' as const, 'as it is' as const),
  })

  it('leaves nothing to change, room for everybody, and a way back', () => {
    fc.assert(
      fc.property(anyOptions, anyLacking, (options, lacking) => {
        // As JSON has it: what is undefined is not there.
        const before: Options = JSON.parse(JSON.stringify(options))
        const changes = optionChanges(before, lacking)
        const after = changed(before, changes)
        expect(optionChanges(after, lacking)).toEqual([])
        expect(connectionRules(after)).toMatchObject({ takesUsernames: true, usernameLength: { min: 1, max: 128 } })
        if (lacking.email === 'may be lacking') expect(connectionRules(after).requiresEmail).toBe(false)
        const back = changed(after, changes.map(turnedRound))
        expect(back).toEqual(before)
      }),
    )
  })
})
