import { describe, expect, it } from 'vitest'
import { tenantToFill } from '../../support/auth0/migration.ts'

const TOO_LONG = 'x'.repeat(300)

describe('whether a name fits, where Auth0 failed when the target was opened', () => {
  it('is said by what the connection takes as soon as that could be read', async () => {
    const tenant = await tenantToFill({
      faults: [{ kind: 'error before', times: 4, on: (_, path) => path === '/api/v2/connections' }],
    })
    const { target } = await tenant.open()
    await target.identity?.()
    expect(target.takesUsername?.('anna')).toBe(true)
    expect(target.takesUsername?.(TOO_LONG)).toBe(false)
  })

  it('is not guessed before that', async () => {
    const tenant = await tenantToFill({
      faults: [{ kind: 'error before', on: (_, path) => path === '/api/v2/connections' }],
    })
    const { target } = await tenant.open()
    expect(() => target.takesUsername?.('anna')).toThrow(expect.objectContaining({ code: 'server.unreachable' }))
  })

  it('is no question where there is no such connection: the check says so', async () => {
    const tenant = await tenantToFill()
    const { target } = await tenant.open({ config: { connection: 'nobody-made-it' } })
    expect(target.takesUsername?.(TOO_LONG)).toBe(true)
  })
})
