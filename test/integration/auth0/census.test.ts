import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { accountOf, accountsOf, countOutcomes, tenantToFill } from '../../support/auth0/migration.ts'

const kinds = (changes: { readonly accounts: readonly { readonly change: string }[] }): readonly string[] =>
  changes.accounts.map(({ change }) => change)

describe('what is there', () => {
  it('is told by one export to all quick plans of a process, with what it has written itself', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan } = await tenant.open()
    const accounts = accountsOf(40)
    await migrate({ accounts })
    const from = tenant.standIn.requests.length
    expect(new Set(kinds(await plan({ accounts }, { depth: 'quick' })))).toEqual(new Set(['unchanged']))
    expect(kinds(await plan({ accounts: [accountOf('late')] }, { depth: 'quick' }))).toEqual(['create'])
    expect(tenant.asked(from)).toEqual([])
    expect(tenant.asked().filter((one) => one === 'POST jobs/users-exports')).toHaveLength(1)
  })

  it('is told by another export after we have written, to whoever wants to know exactly', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan } = await tenant.open()
    const accounts = accountsOf(40)
    await migrate({ accounts })
    const from = tenant.standIn.requests.length
    for (const part of [accounts.slice(0, 20), accounts.slice(20)]) {
      expect(new Set(kinds(await plan({ accounts: part })))).toEqual(new Set(['unchanged']))
    }
    const asked = tenant.asked(from)
    expect(asked.filter((one) => one === 'POST jobs/users-exports')).toHaveLength(1)
    expect(asked.filter((one) => one.startsWith('GET users/'))).toEqual([])
  })

  it('is read once more, user by user, where it is not as it is to be', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan } = await tenant.open()
    const accounts = accountsOf(10)
    await migrate({ accounts })
    const changed = accounts.map((account, n) => (n < 2 ? { ...account, isLocked: true } : account))
    const from = tenant.standIn.requests.length
    const changes = await plan({ accounts: changed })
    expect(kinds(changes).filter((change) => change === 'update')).toHaveLength(2)
    expect(tenant.asked(from).filter((one) => one.startsWith('GET users/'))).toHaveLength(2)
  })

  it('is read user by user for a proof', async () => {
    const tenant = await tenantToFill()
    const { migrate, plan } = await tenant.open()
    const accounts = accountsOf(30)
    await migrate({ accounts: accounts.slice(1) })
    const from = tenant.standIn.requests.length
    expect(kinds(await plan({ accounts }, { proof: true }))).toEqual([
      'create',
      ...accounts.slice(1).map(() => 'unchanged'),
    ])
    expect(tenant.asked(from).filter((one) => one.startsWith('GET users/'))).toHaveLength(30)
  })

  it('is found although the export is older than it', async () => {
    const tenant = await tenantToFill()
    const [one, other] = [await tenant.open(), await tenant.open()]
    const accounts = accountsOf(60)
    await one.plan({ accounts })
    await other.migrate({ accounts })
    expect(new Set(kinds(await one.plan({ accounts })))).toEqual(new Set(['unchanged']))
  })

  it('is looked for in samples where nobody is known to be there', async () => {
    const tenant = await tenantToFill()
    const { plan } = await tenant.open()
    const from = tenant.standIn.requests.length
    expect(new Set(kinds(await plan({ accounts: accountsOf(300) })))).toEqual(new Set(['create']))
    expect(tenant.asked(from).filter((one) => one.startsWith('GET users/'))).toHaveLength(5)
  })

  it('is kept for as long as the target is open, in the folder that it is given', async () => {
    const tenant = await tenantToFill()
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-runs-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const isKeptThere = async (): Promise<boolean> => {
      const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
      return (await Promise.all(links)).some((file) => file.startsWith(folder))
    }
    const { plan, target } = await tenant.open({ folder })
    await plan({ accounts: accountsOf(3) })
    expect(await isKeptThere()).toBe(true)
    expect(await readdir(folder)).toEqual([])
    await target.close()
    expect(await isKeptThere()).toBe(false)
  })

  it('is waited for where the export takes ten minutes more', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'export lags', times: 1 }] })
    const { migrate } = await tenant.open()
    expect(countOutcomes(await migrate({ accounts: accountsOf(2) }))).toEqual({ created: 2 })
  })
})
