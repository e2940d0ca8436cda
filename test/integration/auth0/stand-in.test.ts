import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { importParts } from '../../../src/rehearsal/standins/auth0/rules/examples.ts'
import type { ApiRequest, Given } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { type StandIn, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import { ask, type Remembered, type Reply } from '../../support/auth0/ask-tenant.ts'
import { type GivenTenant, givenTenant } from '../../support/auth0/given-tenant.ts'

const HOUR = 3_600_000
const PEPPER = 'a pepper that nobody may see'

const person = (index: number) => ({
  user_id: `person-${index}`,
  email: `person-${index}@example.org`,
  email_verified: true,
  username: `person-${index}`,
})

const importing = (rows: readonly unknown[], more: Readonly<Record<string, string>> = {}): ApiRequest => ({
  method: 'POST',
  path: '/api/v2/jobs/users-imports',
  multipart: { ...importParts(undefined), users: JSON.stringify(rows), ...more },
})

const READ_JOB: ApiRequest = { method: 'GET', path: '/api/v2/jobs/{job}' }
const READ_ERRORS: ApiRequest = { method: 'GET', path: '/api/v2/jobs/{job}/errors' }

interface Session extends GivenTenant {
  ask(request: ApiRequest): Promise<Reply>
}

const withTenant = async (
  given: Given,
  faults: readonly Fault[],
  use: (session: Session) => Promise<void>,
): Promise<void> => {
  const tenant = await givenTenant(given, faults)
  const remembered: Remembered = {}
  try {
    await use({ ...tenant, ask: (request) => ask(tenant, request, remembered) })
  } finally {
    await tenant.standIn.close()
  }
}

const tokenOf = async ({ url, client }: StandIn): Promise<string> => {
  const form = {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
    audience: `${url}/api/v2/`,
  }
  const response = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token: token } = z.object({ access_token: z.string() }).parse(await response.json())
  return `Bearer ${token}`
}

const IMPORTS: Fault['on'] = (method, path) => method === 'POST' && path === '/api/v2/jobs/users-imports'

describe('an import job', () => {
  it('does one row after the other, so that in the middle half of them are there', async () => {
    await withTenant({ rowsAnHour: 10 }, [], async ({ standIn, wait, ask: send }) => {
      await send(importing(Array.from({ length: 10 }, (_, index) => person(index))))
      await wait(HOUR / 2 + 2000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'processing', percentage_done: 50 })
      expect(standIn.tenant.users.count()).toBe(5)
      await wait(HOUR / 2)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'completed', summary: { total: 10, inserted: 10 } })
    })
  })

  it('leaves room for a third when one of two has ended', async () => {
    await withTenant({ rowsAnHour: 1 }, [], async ({ wait, ask: send }) => {
      expect((await send(importing([person(1)]))).status).toBe(202)
      await wait(HOUR / 2)
      expect((await send(importing([person(2)]))).status).toBe(202)
      expect((await send(importing([person(3)]))).status).toBe(429)
      await wait(HOUR / 2 + 2000)
      expect((await send(importing([person(3)]))).status).toBe(202)
    })
  })

  it('mails every owner, unless it is told not to', async () => {
    await withTenant({}, [], async ({ standIn, wait, ask: send }) => {
      await send(importing([person(1)]))
      await wait(HOUR)
      expect(standIn.tenant.mails).toEqual([])
      await send(importing([person(2)], { send_completion_email: 'true' }))
      await wait(HOUR)
      expect(standIn.tenant.mails).toMatchObject([{ to: 'every owner of the tenant' }])
    })
  })

  it('is seen among the requests by its size, without what was in it', async () => {
    await withTenant({}, [], async ({ standIn, ask: send }) => {
      const row = {
        ...person(1),
        custom_password_hash: {
          algorithm: 'bcrypt',
          hash: { value: '$2b$04$abcdefghijklmnopqrstuu5Lx3TBmEeTqSs6Vbq9gF/uS2Pnh6AZi', encoding: 'utf8' },
          salt: { value: PEPPER, encoding: 'utf8', position: 'suffix' },
        },
      }
      await send(importing([row]))
      expect(standIn.requests).toMatchObject([{ method: 'POST', path: '/api/v2/jobs/users-imports', status: 202 }])
      expect(standIn.requests[0]?.bytes).toBeGreaterThan(JSON.stringify([row]).length)
      expect(JSON.stringify(standIn.requests)).not.toContain(PEPPER)
    })
  })
})

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
})

describe('an export', () => {
  const exporting = (json: unknown): ApiRequest => ({ method: 'POST', path: '/api/v2/jobs/users-exports', json })

  const fileOf = async ({ wait, ask: send }: Session, json: unknown): Promise<string> => {
    await send(exporting(json))
    await wait(60_000)
    const { body } = await send(READ_JOB)
    const { location } = z.object({ location: z.string() }).parse(body)
    return gunzipSync(Buffer.from(await (await fetch(location)).arrayBuffer())).toString()
  }

  const given: Given = { users: [{ ...person(1), app_metadata: { matrix: { mxid: '@a"b:x' } } }, person(2)] }

  it('gives the fields that are named, an object a line, under the names that are asked for', async () => {
    await withTenant(given, [], async (session) => {
      const text = await fileOf(session, {
        format: 'json',
        fields: [{ name: 'user_id' }, { name: 'app_metadata.matrix.mxid', export_as: 'mxid' }],
      })
      const lines = text.trim().split('\n')
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        { user_id: 'auth0|person-1', mxid: '@a"b:x' },
        { user_id: 'auth0|person-2' },
      ])
    })
  })

  it('guards CSV against what a spreadsheet would run', async () => {
    await withTenant(given, [], async (session) => {
      const text = await fileOf(session, {
        format: 'csv',
        limit: 1,
        fields: [{ name: 'user_id' }, { name: 'app_metadata.matrix.mxid' }, { name: 'email_verified' }],
      })
      expect(text).toBe(`"'user_id","'app_metadata.matrix.mxid","'email_verified"\n"'auth0|person-1","'@a""b:x",true\n`)
    })
  })

  it('may lag behind', async () => {
    await withTenant(given, [{ kind: 'export lags' }], async ({ wait, ask: send }) => {
      await send(exporting({ format: 'json' }))
      await wait(5 * 60_000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'pending' })
      await wait(6 * 60_000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'completed' })
    })
  })
})

describe('limits', () => {
  it('tell in every answer how many are left, and when the next comes', async () => {
    await withTenant({ plan: 'free', users: [person(1)] }, [], async ({ standIn }) => {
      const response = await fetch(`${standIn.url}/oauth/token`, { method: 'POST' })
      expect(response.headers.get('x-ratelimit-limit')).toBe('30')
      expect(response.headers.get('x-ratelimit-remaining')).toBe('29')
      const date = Date.parse(response.headers.get('date') ?? '')
      expect(date).toBe(standIn.tenant.clock.now())
      expect(Number(response.headers.get('x-ratelimit-reset')) * 1000 - date).toBeLessThanOrEqual(1000)
    })
  })

  it('let 20 clients through who wait as long as the answers say: two a second, and no fewer', async () => {
    const clock = simulatedClock()
    await using standIn = await startStandIn({ clock, plan: 'free' })
    const authorization = await tokenOf(standIn)
    const started = clock.now()
    const client = async (): Promise<void> => {
      for (let left = 3; left > 0; ) {
        const response = await fetch(`${standIn.url}/api/v2/users/auth0%7Cnobody`, { headers: { authorization } })
        await response.arrayBuffer()
        const reset = Number(response.headers.get('x-ratelimit-reset')) * 1000
        if (response.status === 404) left -= 1
        else await clock.sleep(reset - Date.parse(response.headers.get('date') ?? ''))
      }
    }
    await Promise.all(Array.from({ length: 20 }, client))
    const statuses = Map.groupBy(standIn.requests, ({ status }) => status)
    expect(statuses.get(404)).toHaveLength(60)
    expect(clock.now() - started).toBeGreaterThanOrEqual(29_000)
    expect(clock.now() - started).toBeLessThanOrEqual(31_000)
  })
})
