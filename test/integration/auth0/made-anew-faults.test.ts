import { describe, expect, it } from 'vitest'
import { countOutcomes, type TenantToFill, tenantToFill } from '../../support/auth0/migration.ts'
import { keptNotes } from '../../support/auth0/notes.ts'
import { isImport, onceRemoved, renewed, there, unaddressed } from '../../support/auth0/unaddressed.ts'

const never = new AbortController().signal

interface Outage {
  begins(): void
  readonly tenant: TenantToFill
}

/** A tenant which at some time answers nobody who asks for a user, and perhaps none who imports. */
const tenantWithOutage = async ({ imports }: { readonly imports: 'taken' | 'not taken' }): Promise<Outage> => {
  let isDown = false
  const tenant = await tenantToFill({
    faults: [
      {
        kind: 'error before',
        on: (method, path) =>
          isDown &&
          (method === 'GET' ? path.startsWith('/api/v2/users') : imports === 'not taken' && isImport({ path })),
      },
    ],
  })
  return {
    tenant,
    begins() {
      isDown = true
    },
  }
}

describe('whoever is deleted to be made anew, while Auth0 fails over the read of the next one', () => {
  it('is back before the run fails', async () => {
    const { tenant, begins } = await tenantWithOutage({ imports: 'taken' })
    const { migrate } = await tenant.open()
    const accounts = unaddressed(10)
    await migrate({ accounts }, { runId: 'run-1' })
    onceRemoved(tenant, 3, begins)
    const run = migrate({ accounts: renewed(accounts) }, { runId: 'run-2' })
    await expect(run).rejects.toMatchObject({ code: 'server.unreachable' })
    expect(there(tenant, accounts)).toBe(10)
  })

  it('is back before a stop ends the run, and told as one of the run', async () => {
    const { tenant, begins } = await tenantWithOutage({ imports: 'taken' })
    const stop = new AbortController()
    const { migrate } = await tenant.open()
    const accounts = unaddressed(10)
    await migrate({ accounts }, { runId: 'run-1' })
    onceRemoved(tenant, 3, () => {
      begins()
      setTimeout(() => stop.abort(new Error('Ctrl-C')), 0)
    })
    const outcomes = await migrate({ accounts: renewed(accounts) }, { runId: 'run-2', signal: stop.signal })
    expect(there(tenant, accounts)).toBe(10)
    expect(countOutcomes(outcomes)).toEqual({ updated: 3, 'not attempted': 7 })
  })

  it('is told by name where no import brings them back either', async () => {
    const { tenant, begins } = await tenantWithOutage({ imports: 'not taken' })
    const told: string[] = []
    const { migrate, target } = await tenant.open()
    await target.awaitEarlier?.({ notes: keptNotes(), signal: never, note: (message) => void told.push(message) })
    const accounts = unaddressed(10)
    await migrate({ accounts }, { runId: 'run-1' })
    onceRemoved(tenant, 3, begins)
    const run = migrate({ accounts: renewed(accounts) }, { runId: 'run-2' })
    const names = accounts
      .slice(0, 3)
      .map(({ mxid }) => mxid)
      .join(', ')
    await expect(run).rejects.toThrow(names)
    expect(told.join('\n')).toContain(names)
  })
})
