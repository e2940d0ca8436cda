import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { accountsOf, batchOf, tenantToFill } from '../../support/auth0/migration.ts'

const never = new AbortController().signal

describe('a proof of which Auth0 fails over one read', () => {
  it('reads nobody any more once it has said so', async () => {
    let lost: string | undefined
    const tenant = await tenantToFill({
      faults: [
        {
          kind: 'error before',
          on: (method, path) => method === 'GET' && lost !== undefined && decodeURIComponent(path).endsWith(lost),
        },
      ],
    })
    const { migrate, target } = await tenant.open()
    const accounts = accountsOf(200)
    await migrate({ accounts })
    lost = accounts[0] && tenant.userOf(accounts[0])?.userId
    let looked = 0
    const proof = target.plan(batchOf({ accounts }), {
      signal: never,
      depth: 'thorough',
      proof: true,
      looked: (count) => {
        looked += count
      },
    })
    await expect(proof).rejects.toMatchObject({ code: 'server.unreachable' })
    const [asked, then] = [tenant.standIn.requests.length, looked]
    await sleep(500)
    expect(tenant.standIn.requests.length).toBe(asked)
    expect(looked).toBe(then)
    expect(then).toBeLessThan(199)
  })
})
