import { describe, expect, it, onTestFinished } from 'vitest'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { exchangeRefreshToken, upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import { bindings, createAction, deployAction, replaceBindings } from '../../../src/targets/auth0/api/actions-api.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { deployLinking, removeLinking } from '../../../src/targets/auth0/links/action/deploy.ts'
import { presentState, standingOf } from '../../../src/targets/auth0/links/action/present-state.ts'
import { actionSource } from '../../../src/targets/auth0/links/action/wanted-action.ts'
import { ANN, imported, linkedTo, PROVIDERS, settled } from '../../support/auth0/linking.ts'
import { type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const MINUTE_MS = 60_000
const LONG_AFTER_MS = 20 * MINUTE_MS
const DAY_MS = 24 * 60 * MINUTE_MS

const asked = ({ standIn: { requests } }: TenantAndApi): number => requests.length

const breaking = ({ standIn: { tenant, client } }: TenantAndApi, scopes: readonly string[]): void =>
  void tenant.clients.set(client.id, { ...client, scopes })

describe('the Action that links people at their first login', () => {
  it('leads somebody to their imported user by the subject, without an e-mail address', async () => {
    const target = await settled()
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(login).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
    expect(linkedTo(target, 'auth0|ann-imported')).toEqual(['auth0|ann-imported', 'oidc|corp|4711'])
    expect(target.standIn.tenant.users.byId('oidc|corp|4711')).toBeUndefined()
  })

  it('leads them there again, and asks Auth0 nothing any more', async () => {
    const target = await settled()
    await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    const before = asked(target)
    const again = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(again).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
    expect(asked(target)).toBe(before)
  })

  it('links the identities of several providers, and says when', async () => {
    const target = await settled()
    await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    const other = await upstreamLogin(target.standIn.tenant, { connection: 'google-oauth2', subject: '12345' })
    expect(other).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
    expect(linkedTo(target, 'auth0|ann-imported')).toHaveLength(3)
    expect(target.standIn.tenant.users.byId('auth0|ann-imported')?.appMetadata).toMatchObject({
      ...ANN.app_metadata,
      syn2op_linked_at: expect.stringMatching(/^\d{4}-/u),
    })
  })

  it('finds by the e-mail address who cannot be searched for yet', async () => {
    const target = await settled()
    imported(target, {
      user_id: 'bea-imported',
      email: 'bea@demo.example',
      username: 'bea',
      app_metadata: { syn2op: { mxid: '@bea:demo.example' }, matrix: { external_ids: ['corp|0815'] } },
    })
    const arrival = { connection: 'corp', subject: '0815', email: 'Bea@demo.example' }
    expect(await upstreamLogin(target.standIn.tenant, arrival)).toEqual({ kind: 'in', userId: 'auth0|bea-imported' })
  })

  it('links nobody by an e-mail address alone, verified or not', async () => {
    const target = await settled({ ...ANN, email: 'ann@demo.example', email_verified: true })
    const arrival = {
      connection: 'corp',
      subject: 'somebody-else',
      email: 'ann@demo.example',
      claims: { email_verified: true },
    }
    const login = await upstreamLogin(target.standIn.tenant, arrival)
    expect(login).toEqual({ kind: 'in', userId: 'oidc|corp|somebody-else' })
    expect(linkedTo(target, 'auth0|ann-imported')).toHaveLength(1)
  })

  it('links nobody by the same subject at another connection', async () => {
    const target = await settled()
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'others', subject: '4711' })
    expect(login).toEqual({ kind: 'in', userId: 'oidc|others|4711' })
  })

  it('trusts no note on a user whom syn2op has not imported', async () => {
    const { app_metadata: metadata, ...rest } = ANN
    const target = await settled({ ...rest, app_metadata: { matrix: metadata.matrix } })
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(login).toEqual({ kind: 'in', userId: 'oidc|corp|4711' })
  })

  it('lets in who never was at Synapse, and looks for them again after minutes, then less and less, at last once a day', async () => {
    const target = await settled()
    const looksAfter = async (ms: number): Promise<boolean> => {
      await target.clock.sleep(ms)
      const before = asked(target)
      const newcomer = { connection: 'corp', subject: 'new', email: 'new@demo.example' }
      expect(await upstreamLogin(target.standIn.tenant, newcomer)).toEqual({ kind: 'in', userId: 'oidc|corp|new' })
      return asked(target) > before
    }
    expect(await looksAfter(0)).toBe(true)
    expect(await looksAfter(4 * MINUTE_MS)).toBe(false)
    expect(await looksAfter(MINUTE_MS)).toBe(true)
    expect(await looksAfter(7 * 24 * 60 * MINUTE_MS)).toBe(true)
    expect(await looksAfter(23 * 60 * MINUTE_MS)).toBe(false)
    expect(await looksAfter(60 * MINUTE_MS)).toBe(true)
  })

  describe('right after it was deployed', () => {
    const LATER = { kind: 'denied', reason: expect.stringContaining('try again in a few minutes') }
    const arrival = { connection: 'corp', subject: '4711' }

    const justDeployed = async (): Promise<TenantAndApi> => {
      const target = await settled()
      await deployAgain(target)
      return target
    }
    const deployAgain = ({ api, config }: TenantAndApi): Promise<unknown> =>
      deployLinking(api, { config, client: config.client, signal })

    it('keeps out whom the search does not show yet, and links them as soon as it does', async () => {
      const target = await justDeployed()
      imported(target, {
        ...ANN,
        user_id: 'bea-imported',
        username: 'bea',
        app_metadata: { ...ANN.app_metadata, matrix: { external_ids: ['corp|0815'] } },
      })
      const bea = { connection: 'corp', subject: '0815' }
      expect(await upstreamLogin(target.standIn.tenant, bea)).toEqual(LATER)
      await target.clock.sleep(MINUTE_MS)
      expect(await upstreamLogin(target.standIn.tenant, bea)).toEqual({ kind: 'in', userId: 'auth0|bea-imported' })
    })

    it('lets in whom it finds', async () => {
      const target = await justDeployed()
      expect(await upstreamLogin(target.standIn.tenant, arrival)).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
    })

    it('asks newcomers to come back, and lets them in a quarter of an hour later', async () => {
      const target = await justDeployed()
      const newcomer = { connection: 'corp', subject: 'new' }
      await target.clock.sleep(14 * MINUTE_MS)
      expect(await upstreamLogin(target.standIn.tenant, newcomer)).toEqual(LATER)
      await target.clock.sleep(MINUTE_MS)
      expect(await upstreamLogin(target.standIn.tenant, newcomer)).toEqual({ kind: 'in', userId: 'oidc|corp|new' })
    })

    it('looks anew for whom it has let in as a newcomer before: a later run may have brought them', async () => {
      const target = await settled({ ...ANN, app_metadata: { syn2op: ANN.app_metadata.syn2op } })
      const { tenant } = target.standIn
      expect(await upstreamLogin(tenant, arrival)).toEqual({ kind: 'in', userId: 'oidc|corp|4711' })
      const ann = tenant.users.byId('auth0|ann-imported')
      if (ann === undefined) throw new Error('nobody')
      tenant.users.put({ ...ann, appMetadata: ANN.app_metadata })
      await deployAgain(target)
      await target.clock.sleep(MINUTE_MS)
      expect(await upstreamLogin(tenant, arrival)).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
    })

    it('turns nobody away whom it has known for a day, and looks for them at each login until everybody can be found', async () => {
      const target = await settled()
      const known = { connection: 'corp', subject: 'known' }
      const isIn = { kind: 'in', userId: 'oidc|corp|known' }
      expect(await upstreamLogin(target.standIn.tenant, known)).toEqual(isIn)
      await target.clock.sleep(DAY_MS)
      await deployAgain(target)
      const looks = async (): Promise<boolean> => {
        const before = asked(target)
        expect(await upstreamLogin(target.standIn.tenant, known)).toEqual(isIn)
        return asked(target) > before
      }
      expect([await looks(), await looks()]).toEqual([true, true])
      await target.clock.sleep(LONG_AFTER_MS)
      expect([await looks(), await looks()]).toEqual([true, false])
    })

    it('knows for how long somebody has been let in, however often it is deployed again', async () => {
      const target = await settled()
      const known = { connection: 'corp', subject: 'known' }
      for (const _ of [1, 2, 3]) {
        expect(await upstreamLogin(target.standIn.tenant, known)).toMatchObject({ kind: 'in' })
        await target.clock.sleep(11 * 60 * MINUTE_MS)
        await deployAgain(target)
        await target.clock.sleep(LONG_AFTER_MS)
      }
      await deployAgain(target)
      expect(await upstreamLogin(target.standIn.tenant, known)).toMatchObject({ kind: 'in' })
    })

    it('asks whom it has known for less than a day to come back', async () => {
      const target = await settled()
      const known = { connection: 'corp', subject: 'known' }
      expect(await upstreamLogin(target.standIn.tenant, known)).toMatchObject({ kind: 'in' })
      await target.clock.sleep(DAY_MS - 60 * MINUTE_MS)
      await deployAgain(target)
      expect(await upstreamLogin(target.standIn.tenant, known)).toEqual(LATER)
    })

    it('stands in no way of applications that renew tokens, where nobody is there to try again', async () => {
      const target = await settled()
      const { tenant } = target.standIn
      await upstreamLogin(tenant, { connection: 'corp', subject: 'new' })
      await deployAgain(target)
      const before = asked(target)
      expect(await exchangeRefreshToken(tenant, 'oidc|corp|new')).toEqual({ kind: 'in', userId: 'oidc|corp|new' })
      expect(asked(target)).toBe(before)
    })

    it('goes by the time at Auth0, whatever this machine takes for the time', async () => {
      const target = await settled()
      const { config, clock } = target
      const late = openManagementApi(config, { clock: { ...clock, now: () => clock.now() - 60 * MINUTE_MS } })
      onTestFinished(() => late.close())
      await deployLinking(late, { config, client: config.client, signal })
      expect(await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: 'new' })).toEqual(LATER)
    })
  })

  it('asks nothing about whom syn2op itself has made under the id of the provider', async () => {
    const target = await settled()
    const { tenant } = target.standIn
    const arrival = { connection: 'corp', subject: 'provisioned' }
    await upstreamLogin(tenant, arrival)
    const made = tenant.users.byId('oidc|corp|provisioned')
    if (made === undefined) throw new Error('nobody')
    tenant.users.put({ ...made, appMetadata: { syn2op: { mxid: '@eve:demo.example' } } })
    const before = asked(target)
    expect(await upstreamLogin(tenant, arrival)).toEqual({ kind: 'in', userId: 'oidc|corp|provisioned' })
    expect(asked(target)).toBe(before)
  })

  it('keeps out who is closed, and links them to nothing', async () => {
    const target = await settled({ ...ANN, blocked: true })
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(login).toEqual({ kind: 'denied', reason: 'This account is closed.' })
    expect(linkedTo(target, 'auth0|ann-imported')).toHaveLength(1)
  })

  it('makes nobody a second account where Auth0 does not answer it: they are asked to come back', async () => {
    const target = await settled()
    breaking(target, ['update:users'])
    const arrival = { connection: 'corp', subject: '4711' }
    expect(await upstreamLogin(target.standIn.tenant, arrival)).toEqual({
      kind: 'denied',
      reason: expect.stringContaining('try again in a few minutes'),
    })
    breaking(target, target.standIn.client.scopes)
    expect(await upstreamLogin(target.standIn.tenant, arrival)).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
  })

  it('gets over one answer that is lost, late or refused, wherever that is', async () => {
    const isLinking = (method: string, path: string): boolean => method === 'POST' && path.endsWith('/identities')
    const isSearch = (method: string, path: string): boolean => method === 'GET' && path === '/api/v2/users'
    const faults: readonly Fault[] = [
      { kind: 'answer lost', on: isLinking, times: 1 },
      { kind: 'error after', on: isLinking, times: 1 },
      { kind: 'twice', on: isLinking, times: 1 },
      { kind: 'too many requests', on: isLinking, times: 1 },
      { kind: 'reset before', on: isSearch, times: 1 },
      { kind: 'answer lost', on: (method, path) => method === 'PATCH' && path.startsWith('/api/v2/users/'), times: 1 },
    ]
    const logins = await Promise.all(
      faults.map(async (fault) => {
        const { standIn } = await settled(ANN, [fault])
        return upstreamLogin(standIn.tenant, { connection: 'corp', subject: '4711' })
      }),
    )
    expect(logins).toEqual(faults.map(() => ({ kind: 'in', userId: 'auth0|ann-imported' })))
  })

  it('asks for help where two imported users have the same identity', async () => {
    const target = await settled()
    imported(target, { ...ANN, user_id: 'twin', username: 'twin' })
    await target.clock.sleep(LONG_AFTER_MS)
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(login).toMatchObject({ kind: 'denied', reason: expect.stringContaining('ask whoever runs this service') })
  })

  it('takes two logins of a person at the same moment for one', async () => {
    const target = await settled()
    const arrival = { connection: 'corp', subject: '4711' }
    const logins = await Promise.all([1, 2, 3].map(() => upstreamLogin(target.standIn.tenant, arrival)))
    expect(logins).toEqual(logins.map(() => ({ kind: 'in', userId: 'auth0|ann-imported' })))
    expect(linkedTo(target, 'auth0|ann-imported')).toEqual(['auth0|ann-imported', 'oidc|corp|4711'])
  })

  it('holds no secret in its source', async () => {
    const { standIn } = await settled()
    const [action] = standIn.tenant.actions.values()
    expect(action?.code).toBe(await actionSource())
    expect(action?.code).not.toContain(standIn.client.secret)
    expect(action?.secrets.map(({ name }) => name)).toEqual([
      'TENANT_URL',
      'CLIENT_ID',
      'CLIENT_SECRET',
      'CONNECTIONS',
      'SETTLED_AT',
    ])
  })
})

describe('deploying the Action', () => {
  it('leaves those that run already where they are, and takes only its own away', async () => {
    const target = await tenantAndApi({ providers: PROVIDERS })
    const { api, config } = target
    const theirs = {
      name: 'theirs',
      code: 'exports.onExecutePostLogin = async () => {}',
      dependencies: [],
      runtime: 'node22',
      secrets: [],
    }
    const made = await createAction(api, theirs, signal)
    if (made.kind !== 'made') throw new Error(made.words)
    await deployAction(api, made.made.id, signal)
    await replaceBindings(api, [{ actionId: made.made.id, displayName: 'theirs' }], signal)
    await deployLinking(api, { config, client: config.client, signal })
    expect((await bindings(api, signal)).map(({ displayName }) => displayName)).toEqual([
      'theirs',
      'syn2op-link-at-first-login',
    ])
    expect(await removeLinking(api, signal)).toEqual(['Took the Action from the login', 'Deleted it'])
    expect((await bindings(api, signal)).map(({ displayName }) => displayName)).toEqual(['theirs'])
    expect(await removeLinking(api, signal)).toEqual([])
  })

  it('may be done twice, and tells what is there', async () => {
    const { api, config } = await tenantAndApi({ providers: PROVIDERS })
    const code = await actionSource()
    const standing = async (): Promise<string> => standingOf(await presentState(api, signal), code)
    expect(await standing()).toBe('absent')
    await deployLinking(api, { config, client: config.client, signal })
    expect(await standing()).toBe('runs')
    await deployLinking(api, { config, client: config.client, signal })
    expect(await standing()).toBe('runs')
    expect(await bindings(api, signal)).toHaveLength(1)
  })

  it('has it run where it was tried, also where somebody has it run in an older Node', async () => {
    const target = await settled()
    const { api, config, standIn } = target
    const [deployed] = standIn.tenant.actions.values()
    expect(deployed?.deployed?.runtime).toBe('node22')
    if (deployed?.deployed === undefined) throw new Error('no Action was deployed')
    const older = { ...deployed, runtime: 'node16', deployed: { ...deployed.deployed, runtime: 'node16' } }
    standIn.tenant.actions.set(deployed.id, older)
    const arrival = { connection: 'corp', subject: '4711' }
    expect(await upstreamLogin(standIn.tenant, arrival)).toMatchObject({ kind: 'denied' })
    expect(standingOf(await presentState(api, signal), await actionSource())).toBe('other code')
    await deployLinking(api, { config, client: config.client, signal })
    expect(await upstreamLogin(standIn.tenant, arrival)).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
  })
})
