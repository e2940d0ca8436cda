import { describe, expect, it, onTestFinished } from 'vitest'
import type { Outcome } from '../../../src/targets/changes.ts'
import type { Notes } from '../../../src/targets/earlier-runs.ts'
import {
  accountsOf,
  countOutcomes,
  type OpenTarget,
  PEPPER,
  type TenantToFill,
  tenantToFill,
} from '../../support/auth0/migration.ts'
import { type KeptNotes, keptNotes } from '../../support/auth0/notes.ts'

const never = new AbortController().signal

const MINUTE = 60_000

const accounts = accountsOf(40)

const locked = accounts.map((account) => ({ ...account, isLocked: true }))

/** A tenant where a job of a dead run is at work. */
interface LeftAtWork extends TenantToFill {
  readonly notes: KeptNotes
  /** The tenant's time stands still until then. */
  goesOn(): void
}

/** Opens a target as the core does for a run that writes, and says what it told meanwhile. */
const openWith = async (
  tenant: TenantToFill & Partial<Pick<LeftAtWork, 'goesOn'>>,
  notes: Notes,
  signal = never,
): Promise<OpenTarget & { readonly told: readonly string[] }> => {
  const opened = await tenant.open()
  const told: string[] = []
  const note = (message: string): void => {
    told.push(message)
    tenant.goesOn?.()
  }
  await opened.target.awaitEarlier?.({ notes, signal, note })
  return { ...opened, told }
}

/** A run that dies over its import, before or after it has written down which job that is; the job goes on, a row a second. */
const dead = async (how: 'knowing the job' | 'before it', empty?: TenantToFill): Promise<LeftAtWork> => {
  const tenant = empty ?? (await tenantToFill({ jobSpeed: 3600 }))
  const notes = keptNotes()
  const dies = async (key: string, text: string | undefined): Promise<void> => {
    const isJob = text?.includes('job_') === true
    if (!isJob || how === 'knowing the job') await notes.set(key, text)
    if (isJob) throw new Error('killed')
  }
  const first = await openWith(tenant, { ...notes, set: dies })
  const changes = await first.plan({ accounts }, { depth: 'quick' })
  const release = tenant.clock.hold()
  await expect(first.apply(changes)).rejects.toThrow('killed')
  await first.target.close()
  onTestFinished(release)
  return { ...tenant, notes, goesOn: release }
}

const takeBack = async ({ target }: OpenTarget): Promise<readonly Outcome[]> =>
  (await target.rollback?.({ runId: 'run-1', accounts: accounts.map(({ mxid }) => mxid) }, { signal: never })) ?? []

const people = (tenant: TenantToFill): number => tenant.standIn.tenant.users.count()

describe('a job that a dead run has left at work', () => {
  it('is waited for before the run is taken back, so that nobody comes afterwards', async () => {
    const tenant = await dead('knowing the job')
    expect(people(tenant)).toBeLessThan(40)
    const opened = await openWith(tenant, tenant.notes)
    expect(opened.told).toEqual([expect.stringContaining('An import job of an earlier run is still at work at Auth0')])
    expect(countOutcomes(await takeBack(opened))).toEqual({ removed: 40 })
    await tenant.clock.sleep(150 * MINUTE)
    expect(people(tenant)).toBe(0)
    expect(tenant.notes.countOpen()).toBe(0)
  })

  it('is waited for by the run that goes on, which brings what has changed meanwhile', async () => {
    const tenant = await dead('knowing the job')
    const second = await openWith(tenant, tenant.notes)
    expect(countOutcomes(await second.migrate({ accounts: locked }, { runId: 'run-2' }))).toEqual({ updated: 40 })
    expect([...tenant.standIn.tenant.users.all()].every(({ blocked }) => blocked)).toBe(true)
  })

  it('has made people whom the run sees that goes on, though it had looked who is there before', async () => {
    const empty = await tenantToFill({ jobSpeed: 3600 })
    const opened = await empty.open()
    await opened.plan({ accounts })
    const tenant = await dead('knowing the job', empty)
    await opened.target.awaitEarlier?.({ notes: tenant.notes, signal: never, note: tenant.goesOn })
    const gone = accounts.map(({ mxid }) => mxid)
    expect(countOutcomes(await opened.migrate({ gone }, { runId: 'run-2' }))).toEqual({ removed: 40 })
    expect(people(tenant)).toBe(0)
  })

  it('is waited for no longer once somebody presses Ctrl-C', async () => {
    const tenant = await dead('knowing the job')
    const opened = await tenant.open()
    const stop = new AbortController()
    const waiting = opened.target.awaitEarlier?.({
      notes: tenant.notes,
      signal: stop.signal,
      note: () => stop.abort(new Error('Ctrl-C')),
    })
    await expect(waiting).rejects.toThrow('Ctrl-C')
    expect(tenant.notes.countOpen()).toBe(1)
  })

  it('is not asked for any more when it has ended long ago', async () => {
    const tenant = await dead('knowing the job')
    tenant.goesOn()
    await tenant.clock.sleep(131 * MINUTE)
    const from = tenant.asked().length
    const opened = await openWith(tenant, tenant.notes)
    expect(opened.told).toEqual([])
    expect(tenant.asked(from).filter((one) => one.startsWith('GET jobs'))).toEqual([])
    expect(tenant.notes.countOpen()).toBe(0)
  })

  it('has its old rows told apart from what is wanted now, even by the same run and without notes', async () => {
    const tenant = await dead('knowing the job')
    const second = await tenant.open()
    tenant.goesOn()
    const outcomes = await second.migrate({ accounts: locked }, { runId: 'run-1' })
    expect([...tenant.standIn.tenant.users.all()].filter(({ blocked }) => !blocked)).toEqual([])
    expect(people(tenant)).toBe(40)
    expect(countOutcomes(outcomes)).not.toHaveProperty('rejected')
    expect(countOutcomes(outcomes)).not.toHaveProperty('not attempted')
  })
})

describe('an import whose answer was lost', () => {
  it('has the rollback say of whom it may still make until when, and what to do then', async () => {
    const tenant = await dead('before it')
    const opened = await openWith(tenant, tenant.notes)
    expect(opened.told).toEqual([expect.stringMatching(/The answer to an import of 40 people .* was lost at .* UTC/u)])
    const outcomes = await takeBack(opened)
    expect(countOutcomes(outcomes)).toEqual({ rejected: 40 })
    for (const { message } of outcomes) {
      expect(message).toMatch(
        /may make it until \d{4}-\d\d-\d\d \d\d:\d\d UTC: take the run back once more after that/u,
      )
    }
    await tenant.clock.sleep(131 * MINUTE)
    expect(people(tenant)).toBeGreaterThan(0)
    const again = await openWith(tenant, tenant.notes)
    expect(again.told).toEqual([])
    expect((await takeBack(again)).every(({ outcome }) => outcome === 'removed')).toBe(true)
    expect(people(tenant)).toBe(0)
  })

  it('lets the next run go on at once', async () => {
    const tenant = await dead('before it')
    const second = await openWith(tenant, tenant.notes)
    const outcomes = await second.migrate({ accounts: locked }, { runId: 'run-2' })
    await tenant.clock.sleep(150 * MINUTE)
    expect(people(tenant)).toBe(40)
    expect([...tenant.standIn.tenant.users.all()].filter(({ blocked }) => !blocked)).toEqual([])
    expect(countOutcomes(outcomes)).not.toHaveProperty('rejected')
  })
})

describe('what is written down of imports', () => {
  it('is taken away with the end of each, and holds no secret', async () => {
    const tenant = await tenantToFill({ faults: [{ kind: 'job fails', times: 1 }] })
    const notes = keptNotes()
    const { migrate } = await openWith(tenant, notes)
    expect(countOutcomes(await migrate({ accounts }))).toEqual({ created: 40 })
    expect(notes.countOpen()).toBe(0)
    expect(notes.texts.length).toBeGreaterThan(0)
    for (const text of notes.texts) {
      expect(text).not.toContain(PEPPER)
      expect(text).not.toMatch(/\$2[aby]\$/u)
    }
  })

  it('is there before a file is sent', async () => {
    const tenant = await tenantToFill()
    const notes = keptNotes()
    const { migrate } = await openWith(tenant, {
      all: notes.all,
      set: async () => {
        throw new Error('the disk is full')
      },
    })
    await expect(migrate({ accounts })).rejects.toThrow('the disk is full')
    expect(tenant.asked()).not.toContain('POST jobs/users-imports')
  })
})
