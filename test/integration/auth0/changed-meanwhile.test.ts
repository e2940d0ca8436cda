import { expect, it } from 'vitest'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { accountsOf, tenantToFill } from '../../support/auth0/migration.ts'

it('keeps what an administrator changes while others are written who were looked at anew with them', async () => {
  const tenant = await tenantToFill()
  const { migrate, plan, apply } = await tenant.open()
  const accounts = accountsOf(20)
  await migrate({ accounts })
  const renamed = accounts.map((account) => ({ ...account, username: `${account.localpart}-new` }))
  const changes = await plan({ accounts: renamed }, { depth: 'quick' })
  const { users } = tenant.standIn.tenant
  // Nobody is as they were planned for, so that all are read again before any is written.
  for (const { phoneNumber: _, phoneVerified: __, ...user } of Array.from(users.all())) users.put(user)
  const last = accounts.at(-1)
  const victim = last === undefined ? undefined : tenant.userOf(last)
  if (last === undefined || victim === undefined) throw new Error('nobody there')
  const put = users.put.bind(users)
  let isChosen = false
  users.put = (user: User) => {
    put(user)
    if (isChosen || user.userId === victim.userId) return
    isChosen = true
    put({ ...victim, username: 'chosen-by-admin' })
  }
  const outcomes = await apply(changes, { runId: 'run-2' })
  expect(isChosen).toBe(true)
  expect(tenant.userOf(last)?.username).toBe('chosen-by-admin')
  expect(outcomes.find(({ mxid }) => mxid === last.mxid)?.rows).toContainEqual(
    expect.objectContaining({ relation: 'account', theirs: 1 }),
  )
})
