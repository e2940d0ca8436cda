import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { StandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { neededScopes } from '../../../src/targets/auth0/check/needed-scopes.ts'
import type { Auth0Provider } from '../../../src/targets/auth0/config/auth0-config.ts'
import { keepImportNotes } from '../../../src/targets/auth0/jobs/import-notes.ts'
import { deployLinking, removeLinking } from '../../../src/targets/auth0/links/action/deploy.ts'
import type { Lacking } from '../../../src/targets/auth0/prepare/option-changes.ts'
import { applyPrepare, showPrepare } from '../../../src/targets/auth0/prepare/prepare.ts'
import { applyUndo, showUndo } from '../../../src/targets/auth0/prepare/undo-prepare.ts'
import { documentedScopes, giveScopes, type Purpose } from '../../support/auth0/documented-scopes.ts'
import { accountsOf, countOutcomes, type TenantToFill, tenantToFill } from '../../support/auth0/migration.ts'
import { anna, expectLinked, withScim } from '../../support/auth0/scim-people.ts'
import { addConnection, type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const OLD_OPTIONS = { passwordPolicy: 'excellent', brute_force_protection: true, mfa: { active: true } }
const LACKING: Lacking = { email: 'as it is', phone: 'as it is' }

const scim = (id: string): Auth0Provider => ({ id, authProvider: `oidc-${id}`, strategy: 'oidc', link: 'scim' })

type Giving = Pick<StandIn, 'tenant' | 'client'>

const giveFor = async ({ standIn }: { readonly standIn: Giving }, ...purposes: readonly Purpose[]): Promise<void> =>
  giveScopes(standIn, await documentedScopes(...purposes))

const takeAway = ({ tenant, client }: Giving, scope: string): void => {
  const { scopes } = tenant.clients.get(client.id) ?? client
  const others = scopes.filter((one) => one !== scope)
  giveScopes({ tenant, client }, others)
}

/** Prepares the connection, and takes that back. Gives how each step ended. */
const prepareAndUndo = async ({ api, config }: TenantAndApi): Promise<readonly unknown[]> => {
  const runs = await mkdtemp(join(tmpdir(), 'syn2op-auth0-scopes-'))
  onTestFinished(() => rm(runs, { recursive: true }))
  const shown = await showPrepare({ api, config, lacking: LACKING, signal })
  const { document } = await applyPrepare(shown, { api, config, runs, note: () => undefined, signal })
  const looking = { api, config, imports: keepImportNotes(api.clock), signal }
  const undo = await showUndo(document.undoFile ?? '', looking)
  const { document: undone } = await applyUndo(undo, { ...looking, runs })
  return [...document.steps, ...undone.steps].map(({ outcome }) => outcome)
}

describe('the scopes that the guide names', () => {
  it('are those that check asks for', async () => {
    expect(await documentedScopes('moving people')).toEqual(neededScopes({ providers: [] }))
    expect(await documentedScopes('moving people', 'scim')).toEqual(
      expect.arrayContaining([...neededScopes({ providers: [scim('corp')] })]),
    )
  })

  it('are enough to move people, change them, prove it, and take them back', async () => {
    const tenant = await tenantToFill()
    await giveFor(tenant, 'moving people')
    const opened = await tenant.open()
    const accounts = accountsOf(4)
    expect(countOutcomes(await opened.migrate({ accounts }))).toEqual({ created: 4 })
    const changed = accounts.map((account) => ({ ...account, isLocked: true }))
    expect(countOutcomes(await opened.migrate({ accounts: changed }, { runId: 'run-2' }))).toEqual({ updated: 4 })
    const { accounts: proved } = await opened.plan({ accounts: changed }, { depth: 'thorough', proof: true })
    expect(proved.map(({ change }) => change)).toEqual(accounts.map(() => 'unchanged'))
    const all = accounts.map(({ mxid }) => mxid)
    const { rollback } = opened.target
    const removed = (await rollback?.({ runId: 'run-1', accounts: all }, { signal })) ?? []
    expect(countOutcomes(removed)).toEqual({ removed: 4 })
  })

  it('are enough to make people by SCIM', async () => {
    const tenant = await withScim()
    await giveFor(tenant, 'moving people', 'scim')
    const opened = await tenant.open()
    expect(countOutcomes(await opened.migrate({ accounts: [anna] }))).toEqual({ created: 1 })
    expectLinked(tenant, anna)
  })

  it('are enough to prepare a connection, its applications and SCIM, and to take that back', async () => {
    const made = await tenantAndApi({ connection: 'matrix-people', providers: [scim('corp')] })
    addConnection(made.standIn, 'corp', 'oidc')
    await giveFor(made, 'moving people', 'prepare', 'scim')
    expect(new Set(await prepareAndUndo(made))).toEqual(new Set(['done', 'undone']))
    const mended = await tenantAndApi()
    mended.standIn.connection.options = OLD_OPTIONS
    await giveFor(mended, 'moving people', 'prepare')
    expect(await prepareAndUndo(mended)).toEqual(['done', 'undone'])
    expect(mended.standIn.connection.options).toEqual(OLD_OPTIONS)
  })

  it('are enough to deploy the Action, and to take it away', async () => {
    const tenant = await tenantAndApi({ providers: [{ ...scim('corp'), link: 'action' }] })
    addConnection(tenant.standIn, 'corp', 'oidc')
    await giveFor(tenant, 'moving people', 'action')
    const { api, config, standIn } = tenant
    await deployLinking(api, { config, client: config.client, signal })
    await deployLinking(api, { config, client: config.client, signal })
    await removeLinking(api, signal)
    expect(standIn.tenant.actions.size).toBe(0)
  })
})

describe('a connection whose options may not be read', () => {
  const refused = {
    code: 'target.not-allowed',
    message: expect.stringContaining('options of the connection'),
    next: [expect.stringContaining('read:connections_options')],
  }

  const unread = async (): Promise<TenantToFill> => {
    const tenant = await tenantToFill()
    takeAway(tenant.standIn, 'read:connections_options')
    return tenant
  }

  it('gets nobody: they would come without the names that it takes', async () => {
    const tenant = await unread()
    const opened = await tenant.open()
    await expect(opened.migrate({ accounts: accountsOf(5) })).rejects.toMatchObject(refused)
    expect(tenant.standIn.tenant.users.count()).toBe(0)
  })

  it('is not prepared', async () => {
    const { standIn, api, config } = await tenantAndApi()
    standIn.connection.options = OLD_OPTIONS
    takeAway(standIn, 'read:connections_options')
    await expect(showPrepare({ api, config, lacking: LACKING, signal })).rejects.toMatchObject(refused)
    expect(standIn.connection.options).toEqual(OLD_OPTIONS)
  })

  it('keeps them where the scope is taken away after the steps were shown', async () => {
    const tenant = await tenantAndApi()
    const { standIn, config, clock } = tenant
    standIn.connection.options = OLD_OPTIONS
    const shown = await showPrepare({ api: tenant.api, config, lacking: LACKING, signal })
    takeAway(standIn, 'read:connections_options')
    const api = openManagementApi(config, { clock })
    onTestFinished(() => api.close())
    const runs = await mkdtemp(join(tmpdir(), 'syn2op-auth0-scopes-'))
    onTestFinished(() => rm(runs, { recursive: true }))
    const { error } = await applyPrepare(shown, { api, config, runs, note: () => undefined, signal })
    expect(error).toMatchObject(refused)
    expect(standIn.connection.options).toEqual(OLD_OPTIONS)
  })
})
