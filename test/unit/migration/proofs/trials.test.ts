import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tryPassword } from '../../../../src/migration/proofs/try-password.ts'
import { tryToken } from '../../../../src/migration/proofs/try-token.ts'
import { type MatrixStandIn, type MatrixWorld, startMatrixStandIn } from '../../../support/matrix-server.ts'

const { signal } = new AbortController()
const mxid = '@alice:example.org'

describe('what a server says', () => {
  let world: MatrixWorld
  let server: MatrixStandIn

  beforeEach(async () => {
    world = {
      tokens: new Map([
        ['syt_phone', { user: mxid, device: 'PHONE' }],
        ['syt_nowhere', { user: mxid }],
        ['syt_bob', { user: '@bob:example.org', device: 'PHONE' }],
      ]),
      passwords: new Map([[mxid, 'correct horse']]),
    }
    server = await startMatrixStandIn(world)
  })
  afterEach(() => server.stop())

  const token = (given: string, device?: string) =>
    tryToken({ mxid, token: given, ...(device !== undefined && { device }) }, server.url, signal)

  test('a token of the same user and device works', async () => {
    expect(await token('syt_phone', 'PHONE')).toEqual({ worked: true })
    expect(await token('syt_nowhere')).toEqual({ worked: true })
  })

  test('a token of somebody else, or of another device, does not, and it says whose it is', async () => {
    expect(await token('syt_bob', 'PHONE')).toEqual({ worked: false, answer: 'is taken for @bob:example.org' })
    expect(await token('syt_phone', 'LAPTOP')).toEqual({ worked: false, answer: 'is taken for the device PHONE' })
  })

  test('a token that is refused says with which code, and repeats nothing of what was sent', async () => {
    expect(await token('syt_unknown', 'PHONE')).toEqual({ worked: false, answer: '401 M_UNKNOWN_TOKEN' })
  })

  test('a password logs in and leaves no session behind', async () => {
    const before = new Map(world.tokens)
    expect(await tryPassword({ mxid, password: 'correct horse' }, server.url, signal)).toEqual({ worked: true })
    expect(world.tokens).toEqual(before)
    expect(server.requests).toEqual(['POST /_matrix/client/v3/login', 'POST /_matrix/client/v3/logout'])
  })

  test('a wrong password is refused without repeating it', async () => {
    expect(await tryPassword({ mxid, password: 'battery staple' }, server.url, signal)).toEqual({
      worked: false,
      answer: '403 M_FORBIDDEN',
    })
  })

  test.each(['Retry-After in seconds', 'Retry-After as a date', 'retry_after_ms'] as const)(
    'comes again when the server says so by %s',
    async (say) => {
      world.limited = { left: 3, say }
      expect(await token('syt_phone', 'PHONE')).toEqual({ worked: true })
      expect(server.requests.length).toBe(4)
    },
  )

  test('gives up on a server that never has time', async () => {
    world.limited = { left: 1000, say: 'Retry-After in seconds' }
    await expect(token('syt_phone', 'PHONE')).rejects.toMatchObject({ code: 'server.unreachable' })
    expect(server.requests.length).toBeLessThan(20)
  })

  test('names a server that does not answer, and no token', async () => {
    const { url } = server
    await server.stop()
    const failure = await tryToken({ mxid, token: 'syt_secret' }, url, signal).catch((error: unknown) => error)
    server = await startMatrixStandIn(world)
    expect(failure).toMatchObject({ code: 'server.unreachable' })
    expect(String(failure)).toContain(url)
    expect(String(failure)).not.toContain('syt_secret')
  })

  test('asks below the path of the address', async () => {
    expect(await tryToken({ mxid, token: 'syt_phone' }, `${server.url}/matrix`, signal)).toMatchObject({
      worked: false,
      answer: '404 M_UNRECOGNIZED',
    })
    expect(server.requests).toEqual(['GET /matrix/_matrix/client/v3/account/whoami'])
  })

  test('ends when it is told to', async () => {
    const stop = new AbortController()
    world.limited = { left: 1000, say: 'retry_after_ms' }
    const trial = tryToken({ mxid, token: 'syt_phone' }, server.url, stop.signal)
    stop.abort()
    await expect(trial).rejects.toThrow()
  })
})
