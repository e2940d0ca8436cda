import { describe, expect, it } from 'vitest'
import { DEFAULT_PROFILE } from '../../../../../src/targets/keycloak/prepare/default-profile.ts'
import { attributesAskedFor } from '../../../../../src/targets/keycloak/prepare/profile-attributes.ts'
import { type ProfileWish, profileStep } from '../../../../../src/targets/keycloak/prepare/profile-step.ts'
import type { JsonMap, PrepareStep } from '../../../../../src/targets/keycloak/prepare/step.ts'
import { turnedRound } from '../../../../../src/targets/prepare/field-change.ts'
import { fieldWords, readField, writeField } from '../../../../../src/targets/prepare/json-field.ts'

const WISH: ProfileWish = {
  attributes: attributesAskedFor({ mapping: ['matrix_user_id', 'firstName'], emails: 'emails', phones: 'phones' }),
  usernames: 'keep',
}

const changesOf = (step: PrepareStep | undefined) => (step?.work.kind === 'change' ? step.work.changes : [])

const prepared = (profile: JsonMap, wish: ProfileWish): JsonMap =>
  Object(
    changesOf(profileStep(profile, wish)).reduce<unknown>(
      (document, change) => writeField(document, change.at, change.after),
      profile,
    ),
  )

const namesIn = (profile: JsonMap): readonly unknown[] => {
  const attributes = readField(profile, ['attributes'])
  return Array.isArray(attributes) ? attributes.map((one: unknown) => readField(one, ['name'])) : []
}

describe('the user profile that accounts of Synapse need', () => {
  it('declares marks and attributes once, and none that Keycloak has itself', () => {
    expect(namesIn(prepared(DEFAULT_PROFILE, WISH))).toEqual([
      'username',
      'email',
      'firstName',
      'lastName',
      'syn2op_server',
      'syn2op_run',
      'syn2op_written',
      'emails',
      'phones',
      'matrix_user_id',
    ])
  })

  it('calls attributes by names that people understand in their own account', () => {
    const asked = attributesAskedFor({ mapping: ['matrix_user_id', 'team'], emails: 'emails', phones: 'phones' })
    expect(asked.map(({ displayName }) => displayName)).toEqual([
      'Further e-mail addresses',
      'Telephone numbers',
      'Matrix ID',
      'team',
    ])
  })

  it('is reached at once: a second look finds nothing', () => {
    expect(profileStep(prepared(DEFAULT_PROFILE, WISH), WISH)).toBeUndefined()
  })

  it('requires neither address nor names of people', () => {
    const profile = prepared(DEFAULT_PROFILE, WISH)
    for (const name of ['email', 'firstName', 'lastName']) {
      expect(readField(profile, ['attributes', { name }, 'required'])).toBeUndefined()
      expect(readField(profile, ['attributes', { name }, 'permissions'])).toBeDefined()
    }
  })

  it('says of whom Keycloak asks less from then on', () => {
    expect(profileStep(DEFAULT_PROFILE, WISH)?.why).toContain(
      'Nobody in the realm is asked for email, firstName, lastName any more, whoever registers neither.',
    )
    expect(profileStep(prepared(DEFAULT_PROFILE, WISH), { ...WISH, usernames: 'relax' })?.why).not.toContain('Nobody')
  })

  it('leaves what only some applications ask for', () => {
    const required = { roles: ['user'], scopes: ['shop'] }
    const at = ['attributes', { name: 'lastName' }, 'required'] as const
    const profile = Object(writeField(DEFAULT_PROFILE, at, required))
    expect(readField(prepared(profile, WISH), at)).toEqual(required)
  })

  it('comes back by the changes turned round', () => {
    const changes = changesOf(profileStep(DEFAULT_PROFILE, WISH))
    const back = changes
      .map(turnedRound)
      .reduce<unknown>(
        (document, change) => writeField(document, change.at, change.after),
        prepared(DEFAULT_PROFILE, WISH),
      )
    expect(back).toEqual(DEFAULT_PROFILE)
  })

  it('leaves the rules for usernames, unless they are to be relaxed', () => {
    const username = ['attributes', { name: 'username' }, 'validations'] as const
    expect(readField(prepared(DEFAULT_PROFILE, WISH), username)).toEqual(readField(DEFAULT_PROFILE, username))
    const strict = writeField(DEFAULT_PROFILE, username, {
      ...Object(readField(DEFAULT_PROFILE, username)),
      length: { min: 3, max: 20 },
      pattern: { pattern: '^[a-z]+$' },
    })
    for (const profile of [DEFAULT_PROFILE, Object(strict)]) {
      expect(readField(prepared(profile, { ...WISH, usernames: 'relax' }), username)).toEqual({
        length: { min: 1, max: 255 },
      })
    }
  })

  it('takes marks out of the hands of users, and no attribute of anybody else', () => {
    const open = { view: ['admin', 'user'], edit: ['admin', 'user'] }
    const mark = { name: 'syn2op_run', permissions: open, multivalued: true }
    const phones = { name: 'phones', permissions: open, multivalued: true }
    const profile = writeField(
      writeField(DEFAULT_PROFILE, ['attributes', { name: 'syn2op_run' }], mark),
      ['attributes', { name: 'phones' }],
      phones,
    )

    const changes = changesOf(profileStep(Object(profile), WISH)).map(({ at }) => fieldWords(at))

    expect(changes).toContain('attributes.syn2op_run.permissions.edit')
    expect(changes).toContain('attributes.syn2op_run.permissions.view')
    expect(changes.filter((field) => field.startsWith('attributes.phones'))).toEqual([])
  })

  it('refuses names that Keycloak refuses, all of them', () => {
    const asked = () => attributesAskedFor({ mapping: ['matrix id', 'ok'], emails: 'e/mail', phones: 'phones' })
    expect(asked).toThrow('matrix id, e/mail')
  })
})
