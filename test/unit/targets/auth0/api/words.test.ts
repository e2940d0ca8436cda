import { describe, expect, it } from 'vitest'
import { JOB_ERRORS } from '../../../../../src/targets/auth0/api/job-shapes.ts'
import { limitOf } from '../../../../../src/targets/auth0/api/limits.ts'
import { purposeOf } from '../../../../../src/targets/auth0/api/purposes.ts'
import { pauseOf, rateLimitOf } from '../../../../../src/targets/auth0/api/rate-limit.ts'
import { redacted, secretsOf, wordsWithout } from '../../../../../src/targets/auth0/api/redact.ts'
import { wordsOf } from '../../../../../src/targets/auth0/api/words.ts'

const HASH = '$2b$12$abcdefghijklmnopqrstuuXIhxZ0e8v0WWzvZPBg7n0Y7cbIPzjOm'

describe('what Auth0 says in a refusal', () => {
  it.each([
    [{ message: 'The user already exists.', errorCode: 'auth0_idp_error' }, 'The user already exists.'],
    [{ error: 'invalid_grant', error_description: 'Wrong email or password.' }, 'Wrong email or password.'],
    [{ schemas: [], status: 409, detail: 'User already exists' }, 'User already exists'],
    [{ error: 'Conflict' }, 'Conflict'],
    [undefined, '409 Conflict'],
    ['<html>', '409 Conflict'],
  ])('is told of %j', (body, words) => {
    expect(wordsOf({ status: 409, body })).toBe(words)
  })

  it('is told without hashes, also cut off ones', () => {
    expect(wordsOf({ status: 400, body: { message: `does not match: ${HASH}, ${HASH.slice(0, 30)}` } })).toBe(
      'does not match: …, …',
    )
  })

  it('is told in a few hundred characters', () => {
    expect(wordsOf({ status: 400, body: { message: 'a'.repeat(5000) } })).toHaveLength(300)
  })
})

describe('the secrets of an import row', () => {
  const row = {
    user_id: 'ann',
    custom_password_hash: {
      algorithm: 'bcrypt',
      hash: { value: HASH, encoding: 'utf8' },
      salt: { value: 'bcrypt-pepper', encoding: 'utf8', position: 'suffix' },
    },
    mfa_factors: [{ totp: { secret: 'JBSWY3DP' } }],
  }

  it('are its hash, the pepper and second factors, not what the format calls them', () => {
    expect(secretsOf(row)).toEqual([HASH, 'bcrypt-pepper', 'JBSWY3DP'])
    expect(secretsOf('row')).toEqual([])
  })

  it('are taken out of texts, one that is a part of another too', () => {
    expect(redacted('with pepper-2 and pepper', ['pepper', 'pepper-2', ''])).toBe('with … and …')
  })

  it('are taken out as JSON writes them too', () => {
    expect(redacted(String.raw`{"value":"a\"b"}`, ['a"b'])).toBe('{"value":"…"}')
  })
})

describe('a secret that was sent', () => {
  const PEPPER = 's3cret-pepper'
  const errors = [{ code: `BAD_${PEPPER}`, message: `salt.value "${PEPPER}" is bad`, path: `salt.${PEPPER}` }]

  it('is taken out of the errors of a job, also where they repeat the row without it', () => {
    const told = JOB_ERRORS.parse(wordsWithout([{ user: { user_id: 'ann' }, errors }], [PEPPER]))
    expect(told).toEqual([
      { userId: 'ann', errors: [{ code: 'BAD_…', message: 'salt.value "…" is bad', path: 'salt.…' }] },
    ])
  })

  it('is taken out of a code and a path by the row alone', () => {
    const user = { user_id: 'ann', custom_password_hash: { salt: { value: PEPPER } } }
    expect(JSON.stringify(JOB_ERRORS.parse([{ user, errors }]))).not.toContain(PEPPER)
  })

  it.each([
    ['the only word', { error: `bad salt ${PEPPER}` }],
    ['a word below others', { message: 'refused', errors: [{ message: PEPPER, at: { value: [PEPPER] } }] }],
    ['a word within', { job: [{ status_details: `failed at ${PEPPER}` }] }],
    ['a code', { errorCode: `invalid_${PEPPER}` }],
  ])('is taken out of an answer, where it is %s', (_where, body) => {
    expect(JSON.stringify(wordsWithout(body, [PEPPER]))).not.toContain(PEPPER)
  })

  it('leaves alone what people and we have written, though it reads the same', () => {
    const body = { code: 'exports.of = "matrix"', options: { message: 'matrix' }, app_metadata: { error: 'matrix' } }
    expect(wordsWithout(body, ['matrix'])).toEqual(body)
  })

  it('leaves a code by which somebody is known to be there, whatever the secret', () => {
    const rows = [{ user: { user_id: 'ann' }, errors: [{ code: 'DUPLICATED_USER', message: 'The user is there' }] }]
    expect(JOB_ERRORS.parse(wordsWithout(rows, ['USER']))).toMatchObject([{ errors: [{ code: 'DUPLICATED_USER' }] }])
  })
})

describe('how long Auth0 wants to be left alone', () => {
  const reset = `${Date.UTC(2026, 0, 1, 0, 0, 10) / 1000}`

  it.each([
    ['until the reset, by the clock of the answer', { date: 'Thu, 01 Jan 2026 00:00:07 GMT', reset }, undefined, 3000],
    ['a second at least, as fine as headers are', { date: 'Thu, 01 Jan 2026 00:00:10 GMT', reset }, undefined, 1000],
    ['a minute at most', { date: 'Wed, 31 Dec 2025 00:00:10 GMT', reset }, undefined, 60_000],
    ['as Retry-After says where there is no reset', { date: 'Thu, 01 Jan 2026 00:00:07 GMT' }, 4000, 4000],
    ['as Retry-After says where the answer has no date', { reset }, 4000, 4000],
    ['the longer of both', { date: 'Thu, 01 Jan 2026 00:00:07 GMT', reset }, 20_000, 20_000],
    ['until the reset where that is later', { date: 'Thu, 01 Jan 2026 00:00:01 GMT', reset }, 2000, 9000],
    ['as Retry-After says where the reset is over', { date: 'Thu, 01 Jan 2026 00:00:40 GMT', reset }, 50_000, 50_000],
    ['unsaid', {}, undefined, undefined],
  ])('is %s', (_what, { date, reset: at }: { date?: string; reset?: string }, retryAfter, pause) => {
    const headers = { ...(date ? { date } : {}), ...(at ? { 'x-ratelimit-reset': at } : {}) }
    expect(pauseOf(headers, retryAfter)).toBe(pause)
  })

  it('comes with what is left, where the answer tells it', () => {
    expect(rateLimitOf({ 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '7' })).toEqual({
      limit: 50,
      remaining: 7,
    })
    expect(rateLimitOf({ 'x-ratelimit-limit': '50' })).toBeUndefined()
    expect(rateLimitOf({ 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '7' })).toBeUndefined()
  })
})

describe('the scope and the limit of a request', () => {
  it.each([
    ['POST', 'jobs/users-imports', 'create:users', 'other'],
    ['POST', 'jobs/users-exports', 'read:users', 'other'],
    ['GET', 'jobs/job_1/errors', 'create:users', 'other'],
    ['GET', 'users/auth0%7Cann', 'read:users', 'users read'],
    ['GET', 'users-by-email', 'read:users', 'users read'],
    ['GET', 'users/auth0%7Cann/roles', 'read:roles', 'other'],
    ['GET', 'users/auth0%7Cann/organizations', 'read:organizations', 'other'],
    ['POST', 'users', 'create:users', 'users write'],
    ['PATCH', 'users/auth0%7Cann', 'update:users', 'users write'],
    ['DELETE', 'users/auth0%7Cann', 'delete:users', 'users delete'],
    ['POST', 'users/auth0%7Cann/identities', 'update:users', 'users write'],
    ['DELETE', 'users/auth0%7Cann/identities/oidc/1', 'update:users', 'users delete'],
    ['GET', 'logs', 'read:logs', 'logs read'],
    ['GET', 'connections', ['read:connections', 'read:connections_options'], 'connections read'],
    ['GET', 'connections/con_1', ['read:connections', 'read:connections_options'], 'connections read'],
    ['PATCH', 'connections/con_1', ['update:connections', 'update:connections_options'], 'other'],
    ['PATCH', 'connections/con_1/clients', 'update:connections', 'other'],
    ['GET', 'connections/con_1/clients', 'read:connections', 'other'],
    ['PATCH', 'connections/con_1/clients', 'update:connections', 'other'],
    ['DELETE', 'connections/con_1', 'delete:connections', 'other'],
    ['POST', 'connections/con_1/scim-configuration', 'create:scim_config', 'other'],
    ['PATCH', 'connections/con_1/scim-configuration', 'update:scim_config', 'other'],
    ['POST', 'connections/con_1/scim-configuration/tokens', 'create:scim_token', 'other'],
    ['DELETE', 'connections/con_1/scim-configuration/tokens/t', 'delete:scim_token', 'other'],
    ['GET', 'clients/abc', 'read:clients', 'clients read'],
    ['POST', 'actions/actions/1/deploy', 'create:actions', 'other'],
    ['PATCH', 'actions/triggers/post-login/bindings', 'update:actions', 'other'],
    ['POST', '//scim/v2/connections/con_1/Users', 'post:users', 'SCIM'],
  ] as const)('of %s %s are %s and that of %s', (method, path, scope, counts) => {
    expect(purposeOf(method, path)).toMatchObject({ scopes: [scope].flat(), counts })
  })

  it('of SCIM is smaller on Free', () => {
    expect(limitOf('free', 'SCIM')).toMatchObject({ perSecond: 5 })
    expect(limitOf('enterprise', 'SCIM')).toMatchObject({ perSecond: 25 })
  })
})
