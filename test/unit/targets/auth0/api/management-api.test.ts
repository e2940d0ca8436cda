import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import type { ManagementApi } from '../../../../../src/targets/auth0/api/management-api.ts'
import { isUnclear } from '../../../../../src/targets/http/unclear.ts'
import { refusing, type Said, scriptedTenant } from './scripted-tenant.ts'

const { signal } = new AbortController()
const OK: Said = { status: 200, json: { fine: true } }

const limited = {
  status: 429,
  json: {
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.',
  },
} as const

const read = (api: ManagementApi) => api.send({ method: 'GET', path: 'users/ann', signal })
const change = (api: ManagementApi) => api.send({ method: 'PATCH', path: 'users/ann', body: { blocked: true }, signal })

const errorOf = async (promise: Promise<unknown>): Promise<Syn2opError> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof Syn2opError)) throw new Error('It was answered', { cause: error })
  return error
}

describe('the Management API', () => {
  it('is asked with a token that all share, for its own audience', async () => {
    const { api, heard, tokens } = await scriptedTenant({ answer: () => OK })

    const [answer] = await Promise.all([read(api), read(api), change(api)])

    expect(answer).toMatchObject({ status: 200, body: { fine: true } })
    expect(heard.map(({ path, headers }) => [path, headers['authorization']])).toEqual(
      Array.from({ length: 3 }, () => ['/api/v2/users/ann', 'Bearer token-1']),
    )
    expect(tokens()).toBe(1)
    expect(await api.scopes(signal)).toEqual(['read:users', 'create:users'])
  })

  it('is asked once more with a new token where one is refused, a write too', async () => {
    const { api, heard } = await scriptedTenant({
      answer: ({ headers }) => (headers['authorization'] === 'Bearer token-1' ? refusing(401, 'Expired token') : OK),
    })

    expect(await change(api)).toMatchObject({ status: 200 })
    expect(heard).toHaveLength(2)
  })

  it('is asked with a third one where the second was withdrawn meanwhile', async () => {
    const { api, heard } = await scriptedTenant({
      answer: ({ headers }) => (headers['authorization'] === 'Bearer token-3' ? OK : refusing(401, 'Expired token')),
    })

    expect(await read(api)).toMatchObject({ status: 200 })
    expect(heard).toHaveLength(3)
  })

  it('that refuses every token is told with its words', async () => {
    const { api, heard } = await scriptedTenant({ answer: () => refusing(401, 'Bad audience') })

    expect(await errorOf(read(api))).toMatchObject({
      code: 'target.not-allowed',
      message: expect.stringContaining('Bad audience'),
    })
    expect(heard).toHaveLength(3)
  })

  it('names the scope that is missing, and where it is given', async () => {
    const { api } = await scriptedTenant({
      answer: () => refusing(403, 'Insufficient scope, expected any of: update:users', 'insufficient_scope'),
    })

    const error = await errorOf(change(api))

    expect(error.code).toBe('target.not-allowed')
    expect(error.message).toBe('Auth0 does not let the client syn2op change users: it lacks the scope update:users')
    expect(error.next.join()).toContain('Machine to Machine Applications')
  })

  it('says of anything else that is forbidden what Auth0 says', async () => {
    const { api } = await scriptedTenant({
      answer: () => refusing(403, 'Account linking is not enabled for the tenant.', 'operation_not_supported'),
    })

    expect(await errorOf(change(api))).toMatchObject({
      code: 'target.not-allowed',
      message: expect.stringContaining('Account linking is not enabled'),
    })
  })

  it('is waited for as long as its rate limit says, by its own clock, and asked again, a write too', async () => {
    const { api, heard, clock } = await scriptedTenant({
      answer: (_request, count) =>
        count === 1
          ? {
              ...limited,
              headers: {
                'date': new Date(Date.UTC(2020, 0, 1)).toUTCString(),
                'x-ratelimit-reset': `${Date.UTC(2020, 0, 1, 0, 0, 7) / 1000}`,
              },
            }
          : OK,
    })
    const start = clock.now()

    expect(await change(api)).toMatchObject({ status: 200 })

    expect(heard).toHaveLength(2)
    expect(clock.now() - start).toBe(7000)
    expect(api.waited().quota).toBe(7000)
  })

  it('is not waited for for ever', async () => {
    const { api, heard } = await scriptedTenant({ answer: () => limited })

    expect(await errorOf(read(api))).toMatchObject({ code: 'server.unreachable', retryAfter: 5000 })
    expect(heard).toHaveLength(10)
  })

  it('that has two import jobs at work is not waited for: whoever asks is told', async () => {
    const words = 'There are 2 active import users jobs, please wait until some of them are finished and try again'
    const { api, heard } = await scriptedTenant({ answer: () => refusing(429, words) })

    const answer = await api.send({ method: 'POST', path: 'jobs/users-imports', body: {}, signal })

    expect(answer.status).toBe(429)
    expect(heard).toHaveLength(1)
  })

  it.each<[string, Said]>([
    ['whose connection broke', 'cut'],
    ['to which it answered 502', { status: 502 }],
    ['to which it answered 500', refusing(500, 'Internal error')],
  ])('is asked a second time for a read %s', async (_what, said) => {
    const { api, heard } = await scriptedTenant({ answer: (_request, count) => (count === 1 ? said : OK) })

    expect(await read(api)).toMatchObject({ status: 200 })
    expect(heard).toHaveLength(2)
  })

  it('is asked a fourth time for a read, with pauses: among many thousand some fail again', async () => {
    const { api, heard, clock } = await scriptedTenant({
      answer: (_request, count) => (count < 4 ? { status: 503 } : OK),
    })
    const start = clock.now()

    expect(await read(api)).toMatchObject({ status: 200 })
    expect(heard).toHaveLength(4)
    expect(clock.now() - start).toBe(3000)
  })

  it('that answers no read is not asked for ever', async () => {
    const { api, heard } = await scriptedTenant({ answer: () => ({ status: 503 }) })

    expect(await errorOf(read(api))).toMatchObject({ code: 'server.unreachable' })
    expect(heard).toHaveLength(4)
  })

  it.each<[string, Said]>([
    ['whose connection broke', 'cut'],
    ['to which it answered 503', { status: 503 }],
    ['to which it answered 500', refusing(500, 'Internal error')],
  ])('may have done a write %s, which is not sent again', async (_what, said) => {
    const { api, heard } = await scriptedTenant({ answer: () => said })

    const error = await errorOf(change(api))

    expect(error.code).toBe('server.unreachable')
    expect(isUnclear(error)).toBe(true)
    expect(heard).toHaveLength(1)
  })

  it.each<[string, Said]>([
    ['the connection broke', 'cut'],
    ['it was answered 503', { status: 503 }],
    ['it was answered 429', limited],
    ['it was answered by a page', { status: 200, bytes: Buffer.from('<html>') }],
  ])('has certainly done nothing where no token was to be had: %s', async (_what, said) => {
    const { api, heard } = await scriptedTenant({ answer: () => OK, token: () => said })

    const error = await errorOf(change(api))

    expect(error.code).toBe('server.unreachable')
    expect(isUnclear(error)).toBe(false)
    expect(heard).toEqual([])
  })

  it.each([
    [401, 'access_denied', 'Unauthorized', 'has its id and its secret'],
    [403, 'access_denied', 'Client is not authorized to access "https://x/api/v2/".', 'Auth0 Management API'],
  ])('that gives no token (%d) is told with what to do', async (status, error, description, remedy) => {
    const { api } = await scriptedTenant({
      answer: () => OK,
      token: () => ({ status, json: { error, error_description: description } }),
    })

    const refusal = await errorOf(read(api))

    expect(refusal).toMatchObject({ code: 'target.not-allowed', message: expect.stringContaining(description) })
    expect(refusal.next.join()).toContain(remedy)
  })

  it('keeps what is secret out of every error', async () => {
    const echo = 'client-secret $2b$12$abcdefghijklmnopqrstuuXIhxZ0e8v0WWzvZPBg7n0Y7cbIPzjOm'
    const errors = [
      await errorOf(read((await scriptedTenant({ answer: () => refusing(403, echo) })).api)),
      await errorOf(
        read(
          (
            await scriptedTenant({
              answer: () => OK,
              token: () => ({ status: 401, json: { error: 'access_denied', error_description: echo } }),
            })
          ).api,
        ),
      ),
    ]

    expect(errors.map(({ message, next }) => [message, ...next].join()).join()).not.toMatch(/\$2b\$|token-1/)
    expect(errors[1]?.message).not.toContain('client-secret')
  })

  it('that is another server is told: it leads elsewhere, or speaks no JSON', async () => {
    const elsewhere = await scriptedTenant({ answer: () => ({ status: 302, headers: { location: 'https://x' } }) })
    const page = await scriptedTenant({
      answer: () => ({ status: 200, bytes: Buffer.from('<html>'), headers: { 'content-type': 'text/html' } }),
    })

    expect((await errorOf(read(elsewhere.api))).message).toContain('302 and leads elsewhere')
    expect((await errorOf(read(page.api))).message).toContain('200 and no JSON')
  })

  it('is let go of at once by whoever stops while it makes them wait', async () => {
    const { api } = await scriptedTenant({ answer: () => OK })
    const stop = new AbortController()
    stop.abort(new Error('stopped'))

    await expect(api.send({ method: 'GET', path: 'users/ann', signal: stop.signal })).rejects.toThrow('stopped')
  })
})
