import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { type StandIn, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import { importing, person, READ_JOB, withTenant } from '../../support/auth0/session.ts'

const HOUR = 3_600_000
const PEPPER = 'a pepper that nobody may see'

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

  it('has done what was due when the tenant is closed in the middle, and nothing after it', async () => {
    const clock = simulatedClock()
    const standIn = await startStandIn({ clock, jobSpeed: 10 })
    const headers = { authorization: await tokenOf(standIn) }
    const form = new FormData()
    const rows = Array.from({ length: 10 }, (_, index) => person(index))
    form.set('users', new Blob([JSON.stringify(rows)]), 'users.json')
    form.set('connection_id', standIn.connection.id)
    const response = await fetch(`${standIn.url}/api/v2/jobs/users-imports`, { method: 'POST', headers, body: form })
    expect(response.status).toBe(202)
    await clock.sleep(HOUR / 2 + 2000)
    await standIn.close()
    expect(standIn.tenant.users.count()).toBe(5)
    await clock.sleep(HOUR)
    expect(standIn.tenant.users.count()).toBe(5)
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
