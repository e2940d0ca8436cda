import { describe, expect, it } from 'vitest'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { countOutcomes, tenantToFill } from '../../support/auth0/migration.ts'
import { keptNotes } from '../../support/auth0/notes.ts'
import { occupyJobs, untilAsked } from '../../support/auth0/others-jobs.ts'
import { isImport, NEW_HASH, onceRemoved, renewed, there, unaddressed } from '../../support/auth0/unaddressed.ts'

const never = new AbortController().signal

describe('whoever must be made anew for another password', () => {
  it('is gone for a short time with at most nine others, and keeps the id and the run that made them first', async () => {
    const tenant = await tenantToFill()
    const { migrate, target } = await tenant.open()
    const accounts = unaddressed(23)
    await migrate({ accounts }, { runId: 'run-1' })
    const { users } = tenant.standIn.tenant
    let fewest = 23
    const remove = users.remove.bind(users)
    users.remove = (id) => {
      remove(id)
      fewest = Math.min(fewest, users.count())
    }
    expect(countOutcomes(await migrate({ accounts: renewed(accounts) }, { runId: 'run-2' }))).toEqual({ updated: 23 })
    expect(fewest).toBe(13)
    for (const one of accounts) {
      expect(JSON.stringify(tenant.userOf(one)?.password)).toContain(NEW_HASH)
      expect(tenant.userOf(one)?.appMetadata['syn2op']).toMatchObject({ run: 'run-1' })
    }
    const mxids = accounts.map(({ mxid }) => mxid)
    expect(await target.rollback?.({ runId: 'run-2', accounts: mxids }, { signal: never })).toEqual([])
    expect(there(tenant, accounts)).toBe(23)
  })

  it.each([
    ['a role', { roles: [{ id: 'rol_1', name: 'Moderator' }] }],
    ['a permission', { permissions: [{ permission_name: 'read:rooms' }] }],
    ['an organization', { organizations: [{ id: 'org_1' }] }],
    ['a second factor', { 'authentication-methods': [{ id: 'dev_1', type: 'totp' }] }],
  ] as const)('stays as they are who has been given %s, told as theirs', async (_, given) => {
    const tenant = await tenantToFill()
    const { migrate, plan } = await tenant.open()
    const accounts = unaddressed(2)
    await migrate({ accounts })
    const [first] = accounts
    const user = first === undefined ? undefined : tenant.userOf(first)
    if (first === undefined || user === undefined) throw new Error('nobody there')
    const kept: User = { ...user, given }
    tenant.standIn.tenant.users.put(kept)
    const [planned] = (await plan({ accounts: renewed(accounts) })).accounts
    const [outcome, other] = await migrate({ accounts: renewed(accounts) }, { runId: 'run-2' })
    for (const told of [planned, outcome]) {
      expect(told?.rows.find(({ relation }) => relation === 'password')).toMatchObject({ theirs: 1, update: 0 })
    }
    expect([outcome?.outcome, other?.outcome]).toEqual(['unchanged', 'updated'])
    expect(tenant.userOf(first)).toEqual(kept)
  })

  it('is anybody whose only methods are those that everybody has', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    const accounts = unaddressed(1)
    await migrate({ accounts })
    const [user] = tenant.standIn.tenant.users.all()
    if (user === undefined) throw new Error('nobody there')
    const given = { 'authentication-methods': [{ id: 'pwd', type: 'password' }] }
    tenant.standIn.tenant.users.put({ ...user, given })
    expect(countOutcomes(await migrate({ accounts: renewed(accounts) }))).toEqual({ updated: 1 })
  })

  it('is not deleted while others use all that Auth0 imports at a time', async () => {
    const tenant = await tenantToFill({ jobSpeed: 3600 })
    const { migrate } = await tenant.open()
    const accounts = unaddressed(10)
    await migrate({ accounts }, { runId: 'run-1' })
    const release = tenant.clock.hold()
    await occupyJobs(tenant)
    const stop = new AbortController()
    const from = tenant.standIn.requests.length
    const run = migrate({ accounts: renewed(accounts) }, { runId: 'run-2', signal: stop.signal })
    await untilAsked(tenant, (seen) => isImport(seen) && seen.status === 429, from)
    expect(there(tenant, accounts)).toBe(10)
    stop.abort(new Error('Ctrl-C'))
    release()
    expect(countOutcomes(await run)).toEqual({ 'not attempted': 10 })
    await tenant.clock.sleep(8 * 3_600_000)
    expect(there(tenant, accounts)).toBe(10)
    expect(tenant.asked(from).filter((one) => one.startsWith('DELETE'))).toEqual([])
  })

  it('is not deleted whose row Auth0 would not take', async () => {
    const tenant = await tenantToFill()
    const { migrate } = await tenant.open()
    const accounts = unaddressed(3)
    await migrate({ accounts }, { runId: 'run-1' })
    const { attributes } = Object(tenant.standIn.connection.options)
    tenant.standIn.connection.options = {
      attributes: { ...attributes, email: { ...attributes.email, profile_required: true } },
    }
    const [outcome] = await migrate({ accounts: renewed(accounts) }, { runId: 'run-2' })
    expect(outcome).toMatchObject({ outcome: 'rejected', message: expect.stringContaining('email') })
    expect(there(tenant, accounts)).toBe(3)
  })

  it('is back before a stop ends the run, once they are deleted', async () => {
    const stop = new AbortController()
    let imports = 0
    const tenant = await tenantToFill({
      // The second import is the one that brings them back.
      faults: [{ kind: 'error before', times: 2, on: (_, path) => isImport({ path }) && ++imports > 1 }],
    })
    const { migrate } = await tenant.open()
    const accounts = unaddressed(10)
    imports = -1
    await migrate({ accounts }, { runId: 'run-1' })
    onceRemoved(tenant, 10, () => stop.abort(new Error('Ctrl-C')))
    const outcomes = await migrate({ accounts: renewed(accounts) }, { runId: 'run-2', signal: stop.signal })
    expect(stop.signal.aborted).toBe(true)
    expect(countOutcomes(outcomes)).toEqual({ updated: 10 })
    expect(there(tenant, accounts)).toBe(10)
    expect(tenant.userOf(accounts[0] ?? { mxid: '' })?.appMetadata['syn2op']).toMatchObject({ run: 'run-1' })
  })

  it('is told by name who is not back in time, and made by the next run as one of those who made them first', async () => {
    let isDown = false
    const tenant = await tenantToFill({
      faults: [{ kind: 'error before', on: (_, path) => isDown && isImport({ path }) }],
    })
    const notes = keptNotes()
    const told: string[] = []
    const earlier = { notes, signal: never, note: (message: string): void => void told.push(message) }
    const { migrate, target } = await tenant.open()
    await target.awaitEarlier?.(earlier)
    const accounts = unaddressed(2)
    await migrate({ accounts }, { runId: 'run-1' })
    const { users } = tenant.standIn.tenant
    const remove = users.remove.bind(users)
    const stop = new AbortController()
    users.remove = (id) => {
      remove(id)
      isDown = true
      if (users.count() === 0) stop.abort(new Error('Ctrl-C'))
    }
    const outcomes = await migrate({ accounts: renewed(accounts) }, { runId: 'run-2', signal: stop.signal })
    const tries = tenant.standIn.requests.filter((seen) => isImport(seen) && seen.fault !== undefined)
    expect((tries.at(-1)?.at ?? 0) - (tries.at(0)?.at ?? 0)).toBeGreaterThan(120_000)
    expect(countOutcomes(outcomes)).toEqual({ rejected: 2 })
    expect(outcomes[0]?.message).toContain('syn2op migrate')
    expect(told.join('\n')).toContain(accounts.map(({ mxid }) => mxid).join(', '))
    isDown = false
    const next = await tenant.open()
    await next.target.awaitEarlier?.(earlier)
    await next.migrate({ accounts: renewed(accounts) }, { runId: 'run-3' })
    expect(there(tenant, accounts)).toBe(2)
    const mxids = accounts.map(({ mxid }) => mxid)
    expect(await next.target.rollback?.({ runId: 'run-3', accounts: mxids }, { signal: never })).toEqual([])
    expect(there(tenant, accounts)).toBe(2)
    expect([...(await notes.all()).keys()].filter((key) => key.startsWith('gone'))).toEqual([])
  })
})
