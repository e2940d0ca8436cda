import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import type { Connection } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import type { Auth0PrepareDocument } from '../../../src/report/auth0-prepare-document.ts'
import { auth0PrepareSchema } from '../../../src/report/schema/auth0-prepare.ts'
import { renderAuth0Prepare } from '../../../src/report/text/auth0-prepare.ts'
import type { Auth0Provider } from '../../../src/targets/auth0/config/auth0-config.ts'
import { keepImportNotes } from '../../../src/targets/auth0/jobs/import-notes.ts'
import { deployLinking } from '../../../src/targets/auth0/links/action/deploy.ts'
import type { Lacking } from '../../../src/targets/auth0/prepare/option-changes.ts'
import { applyPrepare, showPrepare } from '../../../src/targets/auth0/prepare/prepare.ts'
import { applyUndo, hasSomething, showUndo } from '../../../src/targets/auth0/prepare/undo-prepare.ts'
import { addConnection, type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

/** Searches see what was written some seconds later. */
const LONG_AFTER_MS = 60_000

const AS_IT_IS: Lacking = { email: 'as it is', phone: 'as it is' }
const WITHOUT_EMAIL: Lacking = { email: 'may be lacking', phone: 'as it is' }

const SCIM: Auth0Provider = { id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' }

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'syn2op-auth0-prepare-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

const looking = ({ api, config }: TenantAndApi) => ({ api, config, imports: keepImportNotes(api.clock), signal })

const show = ({ api, config }: TenantAndApi, lacking = AS_IT_IS) => showPrepare({ api, config, lacking, signal })

const prepare = async (tenant: TenantAndApi, lacking = AS_IT_IS) => {
  const { api, config } = tenant
  const runs = await folder()
  const { document, error } = await applyPrepare(await show(tenant, lacking), {
    api,
    config,
    runs,
    note: () => {},
    signal,
  })
  return { runs, document, error, file: document.undoFile ?? '' }
}

const outcomes = ({ steps }: Auth0PrepareDocument): readonly (readonly [string, string | undefined])[] =>
  steps.map(({ id, outcome }) => [id, outcome])

/** As a tenant makes a connection where nobody says otherwise. */
const usual = (connection: Connection): void => {
  connection.options = {
    passwordPolicy: 'good',
    brute_force_protection: true,
    configuration: { key: 'of-a-script-9f1e' },
  }
}

const connectionOf = ({ standIn: { tenant } }: TenantAndApi, name: string): Connection | undefined =>
  [...tenant.connections.values()].find((one) => one.name === name)

describe('preparing a tenant', () => {
  it('shows each step with its request, and writes nothing', async () => {
    const tenant = await tenantAndApi()
    usual(tenant.standIn.connection)
    tenant.standIn.connection.enabledClients.clear()
    const { document } = await show(tenant)
    const { id } = tenant.standIn.connection
    expect(document.steps.map(({ requests: [request] }) => `${request?.method} ${request?.path}`)).toEqual([
      `PATCH connections/${id}`,
      `PATCH connections/${id}/clients`,
    ])
    expect(tenant.standIn.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')).toEqual(
      [],
    )
    expect(auth0PrepareSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
    const text = renderAuth0Prepare(document, { width: 100, colour: 'off' })
    expect(text).toMatch(/^Auth0 http:\/\/127\.0\.0\.1:\d+, connection people: 2 steps to do\n/)
    expect(text).toContain('+ validation: {username: {min: 1, max: 128}}')
    expect(text).toContain(`PATCH /api/v2/connections/${id} with all options, these of them changed`)
    expect(text).toMatch(new RegExp(`PATCH /api/v2/connections/${id}/clients\\s+\\[\\{"client_id":"`))
    expect(JSON.stringify(document)).not.toContain('of-a-script-9f1e')
  })

  it('changes what is needed of the options and keeps all the others, which Auth0 would drop', async () => {
    const tenant = await tenantAndApi()
    const { connection } = tenant.standIn
    usual(connection)
    const before = connection.options
    const { document } = await prepare(tenant)
    expect(outcomes(document)).toEqual([['options people', 'done']])
    expect(connection.options).toEqual({
      ...before,
      requires_username: true,
      validation: { username: { min: 1, max: 128 } },
    })
    expect((await show(tenant)).document.steps).toEqual([])
  })

  it('makes a connection that is not there, in which nobody can sign up, and takes it back', async () => {
    const tenant = await tenantAndApi({ connection: 'matrix-people' })
    const { document, file, runs } = await prepare(tenant, WITHOUT_EMAIL)
    expect(outcomes(document).map(([, outcome]) => outcome)).toEqual(['done', 'done'])
    const made = connectionOf(tenant, 'matrix-people')
    expect(made?.options).toMatchObject({ disable_signup: true, brute_force_protection: true })
    expect([...(made?.enabledClients ?? [])]).toEqual([tenant.standIn.client.id])
    expect(
      importRow(
        tenant.standIn.tenant,
        made ?? tenant.standIn.connection,
        { username: 'a'.repeat(128) },
        { upsert: false },
      ),
    ).toMatchObject({ kind: 'inserted' })
    const kept = await showUndo(file, looking(tenant))
    expect(kept.document.steps.map(({ id, outcome, note }) => [id, outcome, note])).toEqual([
      [`application ${tenant.standIn.client.id}`, undefined, undefined],
      ['connection matrix-people', 'left', '1 user is in the connection matrix-people, and would be deleted with it'],
    ])
    for (const { userId } of tenant.standIn.tenant.users.all()) tenant.standIn.tenant.users.remove(userId)
    // As long as a search has them they count.
    await tenant.clock.sleep(LONG_AFTER_MS)
    const { document: undone } = await applyUndo(await showUndo(file, looking(tenant)), { ...looking(tenant), runs })
    expect(outcomes(undone).map(([, outcome]) => outcome)).toEqual(['undone', 'undone'])
    expect(connectionOf(tenant, 'matrix-people')).toBeUndefined()
    expect(hasSomething(await showUndo(file, looking(tenant)))).toBe(false)
  })

  it('turns on flexible identifiers only where it is told to, warns, and brings the old options back', async () => {
    const tenant = await tenantAndApi()
    const { connection } = tenant.standIn
    usual(connection)
    connection.options = { ...connection.options, requires_username: true }
    const before = connection.options
    expect((await show(tenant, WITHOUT_EMAIL)).document.steps[0]?.notes.join(' ')).toMatch(/may break a login page/)
    const { file, runs } = await prepare(tenant, WITHOUT_EMAIL)
    expect(connection.options).not.toHaveProperty('requires_username')
    expect(importRow(tenant.standIn.tenant, connection, { username: 'bob' }, { upsert: false })).toMatchObject({
      kind: 'inserted',
    })
    await applyUndo(await showUndo(file, looking(tenant)), { ...looking(tenant), runs })
    expect(connection.options).toEqual(before)
  })

  it('leaves what people whom syn2op wrote need, and what somebody has changed since', async () => {
    const tenant = await tenantAndApi()
    const { standIn } = tenant
    usual(standIn.connection)
    const { file } = await prepare(tenant)
    const row = { email: 'ann@demo.example', app_metadata: { syn2op: { mxid: '@ann:demo.example' } } }
    importRow(standIn.tenant, standIn.connection, row, { upsert: false })
    const needed = await showUndo(file, looking(tenant))
    expect(needed.document.steps[0]).toMatchObject({
      outcome: 'left',
      note: '1 user is in the connection people whom syn2op wrote',
    })
    standIn.connection.options = { ...standIn.connection.options, requires_username: false }
    const changed = await showUndo(file, looking(tenant))
    expect(changed.document.steps[0]?.note).toBe('somebody has changed requires_username since')
  })

  it.each(['oidc', 'samlp'])(
    'sets up SCIM where users of %s are made by it, by their subject, tells no token, and takes it away again',
    async (strategy) => {
      const tenant = await tenantAndApi({ providers: [{ ...SCIM, strategy }] })
      const corp = addConnection(tenant.standIn, 'corp', strategy)
      const { document, file, runs } = await prepare(tenant)
      expect(outcomes(document)).toEqual([['SCIM corp', 'done']])
      expect(corp.scim?.userIdAttribute).toBe('externalId')
      expect([...(corp.scim?.tokens ?? [])]).toEqual([])
      await applyUndo(await showUndo(file, looking(tenant)), { ...looking(tenant), runs })
      expect(corp.scim).toBeUndefined()
    },
  )

  it('sets up SCIM for a connection of Entra only once somebody has it go by object ids', async () => {
    const tenant = await tenantAndApi({ providers: [{ ...SCIM, strategy: 'waad' }] })
    const corp = addConnection(tenant.standIn, 'corp', 'waad')
    usual(tenant.standIn.connection)
    const entra = async () => {
      const { steps, byHand } = (await show(tenant)).document
      return [steps.map(({ id }) => id), byHand.map(({ id }) => id)].map((ids) =>
        ids.filter((id) => id.endsWith(' corp')),
      )
    }
    expect(await entra()).toEqual([[], ['Entra corp']])
    corp.options = { userid_attribute: 'oid', useCommonEndpoint: true }
    expect(await entra()).toEqual([[], ['Entra corp']])
    corp.options = { userid_attribute: 'oid' }
    expect(await entra()).toEqual([['SCIM corp'], []])
  })

  it('says what only people can do', async () => {
    const action: Auth0Provider = {
      ...SCIM,
      id: 'github',
      authProvider: 'oidc-github',
      strategy: 'github',
      link: 'action',
    }
    const tenant = await tenantAndApi({ providers: [SCIM, action] })
    const { client, tenant: behind, connection } = tenant.standIn
    addConnection(tenant.standIn, 'github', 'github')
    usual(connection)
    const scopes = ['read:connections', 'read:connections_options', 'read:scim_config']
    behind.clients.set(client.id, { ...client, scopes })
    const { byHand } = (await show(tenant)).document
    expect(byHand.map(({ id }) => id)).toEqual(['scopes', 'connection corp', 'action'])
    expect(byHand[0]?.lines).toEqual(['update:connections', 'update:connections_options'])
  })

  it('asks for no Action that runs already', async () => {
    const tenant = await tenantAndApi({ providers: [{ ...SCIM, link: 'action' }] })
    addConnection(tenant.standIn, 'corp', 'oidc')
    const { api, config } = tenant
    expect((await show(tenant)).document.byHand.map(({ id }) => id)).toEqual(['action'])
    await deployLinking(api, { config, client: config.client, signal })
    expect((await show(tenant)).document.byHand).toEqual([])
  })

  it('does nothing to a connection that nobody can be imported into', async () => {
    const tenant = await tenantAndApi()
    usual(tenant.standIn.connection)
    tenant.standIn.connection.options = { ...tenant.standIn.connection.options, enabledDatabaseCustomization: true }
    const { steps, byHand } = (await show(tenant)).document
    expect([steps, byHand.map(({ what }) => what)]).toEqual([[], ['Name another connection in auth0.yaml']])
  })

  it('ends at the first step that is refused, and the record says how far it came', async () => {
    const tenant = await tenantAndApi({ providers: [SCIM] })
    addConnection(tenant.standIn, 'corp', 'oidc')
    usual(tenant.standIn.connection)
    const { client, tenant: behind } = tenant.standIn
    const scopes = [
      'read:connections',
      'read:connections_options',
      'update:connections',
      'update:connections_options',
      'read:scim_config',
      'read:users',
    ]
    behind.clients.set(client.id, { ...client, scopes })
    const { document, error, file } = await prepare(tenant)
    expect(outcomes(document)).toEqual([
      ['options people', 'done'],
      ['SCIM corp', 'failed'],
    ])
    expect(error).toMatchObject({ code: 'target.not-allowed', message: expect.stringContaining('create:scim_config') })
    const record = await readFile(file, 'utf8')
    expect(JSON.parse(record).steps.map(({ state }: { state: string }) => state)).toEqual(['done', 'begun'])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    for (const secret of [client.secret, 'of-a-script-9f1e']) expect(record).not.toContain(secret)
    const shown = await showUndo(file, looking(tenant))
    expect(shown.judged.map(({ verdict }) => verdict.kind)).toEqual(['nothing', 'undo'])
  })

  it('does not write over what somebody changed after it was shown', async () => {
    const tenant = await tenantAndApi()
    const { connection } = tenant.standIn
    usual(connection)
    const shown = await show(tenant)
    connection.options = { ...connection.options, requires_username: true }
    const { api, config } = tenant
    const { error } = await applyPrepare(shown, { api, config, runs: await folder(), note: () => {}, signal })
    expect(error).toMatchObject({ code: 'run.not-possible', message: expect.stringContaining('requires_username') })
    expect(connection.options).not.toHaveProperty('validation')
  })

  it('takes no record of another tenant, nor a file that is none', async () => {
    const tenant = await tenantAndApi()
    usual(tenant.standIn.connection)
    const { file } = await prepare(tenant)
    const { config } = tenant
    const other = { ...config, url: 'https://other.eu.auth0.com' }
    await expect(showUndo(file, { ...looking(tenant), config: other })).rejects.toMatchObject({ code: 'usage' })
    await writeFile(file, '{"kind": "keycloak-prepare-undo"}')
    await expect(showUndo(file, looking(tenant))).rejects.toMatchObject({
      message: expect.stringContaining('is no record of syn2op auth0 prepare'),
    })
  })
})
