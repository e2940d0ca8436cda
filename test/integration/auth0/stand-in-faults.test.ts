import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import { importing, person, READ_ERRORS, READ_JOB, withTenant } from '../../support/auth0/session.ts'

const HOUR = 3_600_000

const IMPORTS: Fault['on'] = (method, path) => method === 'POST' && path === '/api/v2/jobs/users-imports'

describe('what goes wrong with requests', () => {
  it('loses an answer after the work: the import is done, nobody knows its job', async () => {
    await withTenant({}, [{ kind: 'answer lost', on: IMPORTS, times: 1 }], async ({ standIn, wait, ask: send }) => {
      await expect(send(importing([person(1)]))).rejects.toThrow()
      await wait(HOUR)
      expect(standIn.tenant.users.count()).toBe(1)
      await send(importing([person(1)]))
      await wait(HOUR)
      expect((await send(READ_ERRORS)).body).toMatchObject([{ errors: [{ code: 'DUPLICATED_USER' }] }])
    })
  })

  it.each([
    ['reset before', undefined, 0],
    ['error before', 503, 0],
    ['too many requests', 429, 0],
    ['error after', 500, 1],
    ['twice', 202, 1],
  ] as const)('%s: %s is answered, %s imported', async (kind, status, count) => {
    await withTenant({}, [{ kind, on: IMPORTS, times: 1 }], async ({ standIn, wait, ask: send }) => {
      const reply = await send(importing([person(1)])).catch(() => undefined)
      expect(reply?.status).toBe(status)
      await wait(HOUR)
      expect(standIn.tenant.users.count()).toBe(count)
    })
  })

  it('delivers a request twice: two jobs of the same file, of which one is refused every row', async () => {
    await withTenant({}, [{ kind: 'twice', on: IMPORTS, times: 1 }], async ({ standIn, wait, ask: send }) => {
      await send(importing([person(1)]))
      await wait(HOUR)
      const inserted = [...standIn.tenant.jobs.values()].map(({ summary }) => summary?.inserted)
      expect(inserted.toSorted()).toEqual([0, 1])
    })
  })

  it('takes half a minute for a slow answer', async () => {
    await withTenant({}, [{ kind: 'slow answer', times: 1 }], async ({ standIn, wait, ask: send }) => {
      const before = standIn.tenant.clock.now()
      const [reply] = await Promise.all([send(importing([person(1)])), wait(HOUR)])
      expect(reply.status).toBe(202)
      expect([...standIn.tenant.jobs.values()].map(({ createdAt }) => createdAt - before)).toEqual([30_000])
    })
  })

  it('lets a token expire: the same one is good for nothing after it', async () => {
    await withTenant({}, [{ kind: 'token expires', times: 1 }], async ({ ask: send }) => {
      expect((await send(importing([person(1)]))).status).toBe(401)
    })
  })
})

describe('a client that goes away', () => {
  it.each([
    ['before its request is whole', 'content-length: 1000\r\n\r\n{'],
    ['before its answer', 'content-length: 2\r\n\r\n{}'],
  ])('%s does not stop the clock', async (_, rest) => {
    const clock = simulatedClock()
    await using standIn = await startStandIn({ clock })
    const socket = connect(Number(new URL(standIn.url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST /oauth/token HTTP/1.1\r\nhost: tenant\r\ncontent-type: application/json\r\n${rest}`)
    socket.destroy()
    const started = clock.now()
    await clock.sleep(HOUR)
    expect(clock.now() - started).toBe(HOUR)
  })

  it('in the middle of a slow answer does not stop the clock', async () => {
    const clock = simulatedClock()
    const came = Promise.withResolvers<unknown>()
    const faults: readonly Fault[] = [{ kind: 'slow answer', times: 1 }]
    await using standIn = await startStandIn({ clock, faults, watch: came.resolve })
    const release = clock.hold()
    const gone = new AbortController()
    const answer = fetch(`${standIn.url}/api/v2/users`, { signal: gone.signal })
    await came.promise
    gone.abort()
    await expect(answer).rejects.toThrow()
    await setTimeout(100)
    release()
    const started = clock.now()
    await clock.sleep(HOUR)
    expect(clock.now() - started).toBe(HOUR)
  })
})

describe('what goes wrong with jobs', () => {
  it('fails in the middle: half of the rows, no counts, no errors, no word why', async () => {
    await withTenant({}, [{ kind: 'job fails', times: 1 }], async ({ standIn, wait, ask: send }) => {
      await send(importing([person(1), person(2), person(3), person(4)]))
      await wait(HOUR)
      const { body } = await send(READ_JOB)
      expect(body).toMatchObject({ status: 'failed' })
      expect(body).not.toHaveProperty('summary')
      expect(body).not.toHaveProperty('status_details')
      expect((await send(READ_ERRORS)).status).toBe(204)
      expect(standIn.tenant.users.count()).toBe(2)
    })
  })

  it('sticks: pending for two hours, then failed, and nobody was imported', async () => {
    await withTenant({}, [{ kind: 'job sticks', times: 1 }], async ({ standIn, wait, ask: send }) => {
      await send(importing([person(1)]))
      await wait(2 * HOUR - 1000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'pending' })
      await wait(2000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'failed' })
      expect(standIn.tenant.users.count()).toBe(0)
    })
  })

  it('completes without its counts, and without errors where there are none', async () => {
    await withTenant({}, [{ kind: 'no summary', times: 1 }], async ({ wait, ask: send }) => {
      await send(importing([person(1)]))
      await wait(HOUR)
      const { body } = await send(READ_JOB)
      expect(body).toMatchObject({ status: 'completed' })
      expect(body).not.toHaveProperty('summary')
      expect((await send(READ_ERRORS)).status).toBe(204)
    })
  })

  it('repeats a row without its secrets, and these in words', async () => {
    const salt = { value: 'pepper', encoding: 'utf8', position: 'suffix' }
    const hash = { value: '$2b$04$abcdefghijklmnopqrstuu5Lx3TBmEeTqSs6Vbq9gF/uS2Pnh6AZi', encoding: 'utf8' }
    await withTenant({}, [{ kind: 'echo without secrets', times: 1 }], async ({ wait, ask: send }) => {
      const { email: _, ...row } = person(1)
      await send(importing([{ ...row, custom_password_hash: { algorithm: 'bcrypt', hash, salt } }]))
      await wait(HOUR)
      const { body } = await send(READ_ERRORS)
      expect(body).toMatchObject([{ errors: [{ message: expect.stringContaining('"pepper"') }] }])
      expect(body).not.toMatchObject([{ user: { custom_password_hash: {} } }])
    })
  })
})
