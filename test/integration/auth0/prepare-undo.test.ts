import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import type { Connection } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { submitImport } from '../../../src/targets/auth0/api/jobs-api.ts'
import { keepImportNotes } from '../../../src/targets/auth0/jobs/import-notes.ts'
import { applyPrepare, showPrepare } from '../../../src/targets/auth0/prepare/prepare.ts'
import { applyUndo, showUndo } from '../../../src/targets/auth0/prepare/undo-prepare.ts'
import { addConnection, type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'
import { standInUser } from '../../support/auth0/users.ts'

const { signal } = new AbortController()

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NAME = 'matrix-new'

const ROWS = Array.from({ length: 30 }, (_, index) => ({
  user_id: `u${index}`,
  email: `u${index}@example.com`,
  username: `u${index}`,
}))

/** A tenant where a connection has just been made. */
const withNewConnection = async (
  options: Parameters<typeof tenantAndApi>[1] = {},
  others: TenantAndApi['config']['providers'] = [],
) => {
  const tenant = await tenantAndApi({ connection: NAME, providers: others }, options)
  const { api, config, standIn } = tenant
  const runs = await mkdtemp(join(tmpdir(), 'syn2op-auth0-undo-'))
  onTestFinished(() => rm(runs, { recursive: true }))
  const shown = await showPrepare({ api, config, lacking: { email: 'as it is', phone: 'as it is' }, signal })
  const { document } = await applyPrepare(shown, { api, config, runs, note: () => undefined, signal })
  const imports = keepImportNotes(api.clock)
  const looking = { api, config, imports, signal }
  const find = (): Connection | undefined => [...standIn.tenant.connections.values()].find(({ name }) => name === NAME)
  const made = find()
  if (made === undefined) throw new Error('no connection was made')
  return {
    ...tenant,
    imports,
    made,
    isThere: () => find() !== undefined,
    undo: async () => {
      const { document: undone } = await applyUndo(await showUndo(document.undoFile ?? '', looking), {
        ...looking,
        runs,
      })
      return undone.steps.map(({ outcome, note }) => note ?? outcome)
    },
  }
}

type New = Awaited<ReturnType<typeof withNewConnection>>

/** Sends an import as a run does, which writes it down; the run dies before its end. */
const send = async (
  { api, imports, made, clock }: New,
  how: 'the job is known' | 'the answer is lost',
): Promise<void> => {
  const release = clock.hold()
  const noted = await imports.sending({ externalId: 'run-1.1', users: ROWS.map(({ user_id: id }) => id) })
  const file = Buffer.from(JSON.stringify(ROWS))
  const sent = await submitImport(api, { connectionId: made.id, externalId: 'run-1.1', file }, signal)
  if (how === 'the job is known') await noted.accepted(sent.kind === 'accepted' ? sent.job.id : '')
  release()
}

const users = ({ standIn }: New): number => standIn.tenant.users.count()

describe('taking back a connection that was made', () => {
  it('takes nobody away whom a search does not show yet', async () => {
    const tenant = await withNewConnection({ searchLag: HOUR })
    for (const row of ROWS) importRow(tenant.standIn.tenant, tenant.made, row, { upsert: false })
    expect(await tenant.undo()).toContain(`30 users are in the connection ${NAME}, and would be deleted with it`)
    expect([users(tenant), tenant.isThere()]).toEqual([30, true])
  })

  it('leaves it while an import of a run that died is at work, and then because of whom that made', async () => {
    // A row a minute.
    const tenant = await withNewConnection({ jobSpeed: 60 })
    await send(tenant, 'the job is known')
    const waiting = await tenant.undo()
    expect(waiting.map((note) => note?.includes('an import of syn2op may be at work until'))).toEqual([true, true])
    expect(tenant.isThere()).toBe(true)
    await tenant.clock.sleep(31 * MINUTE)
    expect(await tenant.undo()).toContain(`30 users are in the connection ${NAME}, and would be deleted with it`)
    expect(users(tenant)).toBe(30)
  })

  it('takes nobody away whom a run has just made, whatever exports and searches show', async () => {
    const tenant = await withNewConnection({ searchLag: HOUR, readings: { exportLag: HOUR }, jobSpeed: 60 })
    await send(tenant, 'the job is known')
    await tenant.clock.sleep(31 * MINUTE)
    const present = `syn2op has imported people into the connection ${NAME}, and auth0|u0 is there, though no export shows it yet`
    expect(await tenant.undo()).toEqual([present, present])
    await tenant.clock.sleep(20 * MINUTE)
    expect(await tenant.undo()).toEqual([present, present])
    expect(users(tenant)).toBe(30)
  })

  it('leaves it for a quarter of an hour after an import, even where nobody asked for is there', async () => {
    const tenant = await withNewConnection({ jobSpeed: 60 })
    await send(tenant, 'the job is known')
    await tenant.clock.sleep(31 * MINUTE)
    for (const { userId } of tenant.standIn.tenant.users.all()) tenant.standIn.tenant.users.remove(userId)
    expect((await tenant.undo()).join()).toContain('Auth0 may not show yet whom it made: look again after')
    await tenant.clock.sleep(14 * MINUTE)
    expect((await tenant.undo()).join()).toContain('look again after')
    expect(tenant.isThere()).toBe(true)
    await tenant.clock.sleep(2 * MINUTE)
    expect(await tenant.undo()).toEqual(['undone', 'undone'])
  })

  it('waits for no import that Auth0 has not taken', async () => {
    const tenant = await withNewConnection()
    const noted = await tenant.imports.sending({ externalId: 'run-1.1', users: ['u0'] })
    await noted.ended()
    expect(await tenant.undo()).toEqual(['undone', 'undone'])
  })

  it('leaves it until an import has ended for certain whose answer was lost', async () => {
    const tenant = await withNewConnection({ jobSpeed: 60 })
    await send(tenant, 'the answer is lost')
    await tenant.clock.sleep(2 * HOUR)
    expect((await tenant.undo()).join()).toContain('an import of syn2op may be at work until')
    for (const { userId } of tenant.standIn.tenant.users.all()) tenant.standIn.tenant.users.remove(userId)
    await tenant.clock.sleep(11 * MINUTE)
    expect((await tenant.undo()).join()).toContain('look again after')
    await tenant.clock.sleep(15 * MINUTE)
    expect(await tenant.undo()).toEqual(['undone', 'undone'])
    expect(tenant.isThere()).toBe(false)
  })

  it('takes no password away from people whom SCIM has made, and who are exported with their own connection', async () => {
    const corp = { id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' } as const
    const tenant = await withNewConnection({ searchLag: HOUR }, [corp])
    addConnection(tenant.standIn, 'corp', 'oidc')
    tenant.standIn.tenant.users.put({
      ...standInUser('linked'),
      userId: 'oidc|corp|4711',
      identities: [
        { connection: 'corp', provider: 'oidc', userId: 'corp|4711', isSocial: false },
        { connection: NAME, provider: 'auth0', userId: 'ann', isSocial: false },
      ],
    })
    expect(await tenant.undo()).toContain(`1 user is in the connection ${NAME}, and would be deleted with it`)
    expect(tenant.isThere()).toBe(true)
  })
})
