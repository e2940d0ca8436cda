import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import type { Tenant, User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { anna, linkedAway, WHERES } from '../../support/auth0/linked-away.ts'
import { accountOf, countOutcomes, tenantToFill } from '../../support/auth0/migration.ts'

const { signal } = new AbortController()

const everybody = ({ users }: Tenant): readonly User[] => [...users.all()]

describe.each(WHERES)('a user of ours who was linked to one %s', (where) => {
  it('is nobody of ours any more: held back, with who has them, and nobody is written', async () => {
    const { tenant, primaryId } = await linkedAway(where)
    const before = everybody(tenant.standIn.tenant)
    const opened = await tenant.open()
    const { accounts } = await opened.plan({ accounts: [anna] })
    expect(accounts).toMatchObject([
      { change: 'conflict', reason: 'identity_taken', against: expect.stringContaining(primaryId) },
    ])
    expect(countOutcomes(await opened.migrate({ accounts: [anna] }, { runId: 'run-2' }))).toEqual({ 'held back': 1 })
    expect(everybody(tenant.standIn.tenant)).toEqual(before)
  })

  it('is told loudly where Synapse locks them and they may log in all the same', async () => {
    const { tenant, primaryId } = await linkedAway(where)
    const locked: Account = { ...anna, isLocked: true }
    const outcomes = await (await tenant.open()).migrate({ accounts: [locked] }, { runId: 'run-2' })
    expect(outcomes).toMatchObject([{ outcome: 'rejected', message: expect.stringContaining(`block ${primaryId}`) }])
    expect(tenant.standIn.tenant.users.byId(primaryId)?.blocked).toBe(false)
  })

  it('is held back and no more once somebody has blocked them at Auth0', async () => {
    const { tenant, primaryId } = await linkedAway(where)
    const primary = tenant.standIn.tenant.users.byId(primaryId)
    if (primary === undefined) throw new Error('nobody')
    tenant.standIn.tenant.users.put({ ...primary, blocked: true })
    const locked: Account = { ...anna, isLocked: true }
    const outcomes = await (await tenant.open()).migrate({ accounts: [locked] }, { runId: 'run-2' })
    expect(countOutcomes(outcomes)).toEqual({ 'held back': 1 })
  })

  it('stays in a rollback, which says to whom they are linked', async () => {
    const { tenant, primaryId } = await linkedAway(where)
    const before = everybody(tenant.standIn.tenant)
    const { target } = await tenant.open()
    const outcomes = await target.rollback?.({ runId: 'run-1', accounts: [anna.mxid] }, { signal })
    expect(outcomes).toMatchObject([{ outcome: 'unchanged', message: expect.stringContaining(primaryId) }])
    expect(everybody(tenant.standIn.tenant)).toEqual(before)
  })

  it('stays where Synapse has them no longer', async () => {
    const { tenant } = await linkedAway(where)
    const before = everybody(tenant.standIn.tenant)
    const outcomes = await (await tenant.open()).migrate({ gone: [anna.mxid] }, { runId: 'run-2' })
    expect(countOutcomes(outcomes)).toEqual({ unchanged: 1 })
    expect(everybody(tenant.standIn.tenant)).toEqual(before)
  })
})

describe('somebody who has users of several accounts linked', () => {
  it('keeps what is ours of their own account, and gives the other nothing', async () => {
    const tenant = await tenantToFill()
    const bert = accountOf('bert')
    const opened = await tenant.open()
    await opened.migrate({ accounts: [anna, bert] })
    const [primary, second] = [bert, anna].map(({ mxid }) => userIdOf(tenant.standIn.connection.name, mxid))
    const api = openManagementApi(tenant.config, { clock: tenant.clock })
    const body = { provider: 'auth0', user_id: second?.slice('auth0|'.length) }
    await api.send({ method: 'POST', path: `users/${encodeURIComponent(primary ?? '')}/identities`, body, signal })
    await api.close()
    const again = await tenant.open()
    const outcomes = await again.migrate({ accounts: [anna, { ...bert, isLocked: true }] }, { runId: 'run-2' })
    expect(outcomes).toMatchObject([
      { mxid: anna.mxid, outcome: 'held back', reason: 'identity_taken' },
      { mxid: bert.mxid, outcome: 'updated' },
    ])
    expect(tenant.userOf(bert)).toMatchObject({ blocked: true, identities: [{}, { provider: 'auth0' }] })
  })
})
