import { Agent } from 'node:http'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import type { StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { CanaryDocument } from '../../../src/report/auth0-canary-document.ts'
import { auth0CanarySchema } from '../../../src/report/schema/auth0-canary.ts'
import { renderCanary } from '../../../src/report/text/auth0-canary.ts'
import type { RowError } from '../../../src/targets/auth0/api/jobs-api.ts'
import type { ManagementAnswer } from '../../../src/targets/auth0/api/management-api.ts'
import { createScimConfiguration } from '../../../src/targets/auth0/api/scim-api.ts'
import { CLAIMS } from '../../../src/targets/auth0/canary/claims.ts'
import { makeProbes, type Probes } from '../../../src/targets/auth0/canary/probes.ts'
import { openProbing, type Probing } from '../../../src/targets/auth0/canary/probing.ts'
import { runCanary } from '../../../src/targets/auth0/canary/run-canary.ts'
import { connectionRules } from '../../../src/targets/auth0/check/connection-rules.ts'
import { answering, type Tampering, tampered } from '../../support/auth0/tampered-api.ts'
import { addConnection, EMAIL_OPTIONAL, type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const HOUR = 3_600_000

/** A tenant that has all that can be asked of one. */
const wholeTenant = async (options: Omit<StandInOptions, 'clock'> = {}): Promise<TenantAndApi> => {
  const providers = [{ id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'action' }] as const
  const target = await tenantAndApi({ providers }, options)
  target.standIn.connection.options = EMAIL_OPTIONAL
  const { id } = addConnection(target.standIn, 'corp', 'oidc')
  await createScimConfiguration(target.api, id, signal)
  return target
}

const ask = ({ api, config }: Pick<TenantAndApi, 'api' | 'config'>, stop = signal): Promise<CanaryDocument> =>
  runCanary({ api, config, syn2op: '0.0.0', probes: 'remove', told: () => undefined, signal: stop })

const users = ({ standIn: { tenant } }: TenantAndApi): readonly string[] =>
  [...tenant.users.all()].map(({ userId }) => userId)

describe('the canary at a tenant', () => {
  it('finds every claim confirmed, leaves nobody behind, and tells no hash', async () => {
    const target = await wholeTenant()
    const document = await ask(target)
    expect(document.claims.filter(({ verdict }) => verdict !== 'confirmed')).toEqual([])
    expect(document.claims).toHaveLength(CLAIMS.length)
    expect(auth0CanarySchema.strict().parse(document)).toEqual(document)
    expect(JSON.stringify(document)).not.toMatch(/\$2[aby]\$/u)
    expect(document.probes).toBe('removed')
    expect(users(target)).toEqual([])
    const connections = [...target.standIn.tenant.connections.values()]
    expect(connections.flatMap(({ scim }) => [...(scim?.tokens ?? [])])).toEqual([])
  })

  it('says what it could not ask, and why', async () => {
    const { api, config, standIn } = await tenantAndApi({ providers: [] })
    standIn.connection.options = { requires_username: false }
    const { application: _, ...rest } = config
    const { claims } = await ask({ api, config: rest })
    const seen = Object.fromEntries(claims.flatMap((one) => (one.verdict === 'not asked' ? [[one.id, one.seen]] : [])))
    expect(seen).toEqual({
      'log.wrong-password': 'auth0.yaml names no `application` by which a password can be tried',
      'password.cost-12-with-pepper': 'auth0.yaml names no `application` by which a password can be tried',
      'row.without-email': 'the connection takes no usernames',
      'username.letters-refused': 'the connection takes no usernames',
      'scim.provisioned-and-linked': 'no connection of `identity_providers` has inbound SCIM',
    })
  })

  it('takes everybody away who was made, also when it is stopped in the middle', async () => {
    const target = await wholeTenant()
    const stop = new AbortController()
    const api = tampered(target.api, ({ path }) => {
      if (path !== 'users') return undefined
      expect(users(target)).not.toEqual([])
      stop.abort(new Error('Ctrl-C'))
      return undefined
    })
    await expect(ask({ ...target, api }, stop.signal)).rejects.toThrow('Ctrl-C')
    expect(users(target)).toEqual([])
  })

  const answerLost: Fault = { kind: 'answer lost', times: 1, on: (_, path) => path.endsWith('/users-imports') }

  it('takes away whom its import makes after the answer to it was lost, and says that it cannot be sure', async () => {
    // A row a second: nobody is there yet when everybody is taken away for the first time.
    const target = await wholeTenant({ jobSpeed: 3600, faults: [answerLost] })
    const document = await ask(target)
    expect(document.claims.find(({ id }) => id === 'user_id.longest')).toMatchObject({ verdict: 'not asked' })
    expect(document.probes).toBe('perhaps left')
    await target.clock.sleep(HOUR)
    expect(users(target)).toEqual([])
  })

  it('does not say that everybody is taken away while an import may be at work', async () => {
    const target = await wholeTenant({ jobSpeed: 60, faults: [answerLost] })
    const document = await ask(target)
    await target.clock.sleep(HOUR)
    expect([document.probes, users(target).length > 0]).toEqual(['perhaps left', true])
    expect(renderCanary(document, { width: 200, colour: 'off' })).toMatch(/may be left, or come within two hours/u)
  })

  it('changes nobody by an import, and takes no phone number that anybody could have', async () => {
    const forms: string[] = []
    const target = await wholeTenant({
      watch: ({ path, body }) => void (path.endsWith('/users-imports') && forms.push(body.toString('latin1'))),
    })
    await ask(target)
    expect(forms.length).toBeGreaterThan(0)
    for (const form of forms) expect(form).toMatch(/name="upsert"\r\n\r\nfalse\r\n/u)
    const phones = forms.flatMap((form) => form.match(/\+1\d{10}/gu) ?? [])
    expect(phones).toEqual([expect.stringMatching(/^\+120255501\d\d$/u)])
  })

  it('does not begin at a connection that is none of people with passwords', async () => {
    const target = await wholeTenant()
    const config = { ...target.config, connection: 'corp' }
    await expect(ask({ ...target, config })).rejects.toMatchObject({ code: 'target.not-allowed' })
  })
})

describe('a claim is refuted by a tenant', () => {
  let probes: Probes
  beforeAll(async () => {
    const secrets = { tag: 'abcdef', password: 'Correct-horse-9', pepper: 'pepper' }
    probes = await makeProbes(secrets, connectionRules(EMAIL_OPTIONAL))
  })

  const verdictOf = async (
    id: string,
    tampering: Tampering = () => undefined,
    before: (probing: Probing, target: TenantAndApi) => Promise<void> = async () => undefined,
  ): Promise<string | undefined> => {
    const target = await wholeTenant()
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const probing = openProbing({
      api: tampered(target.api, tampering),
      config: target.config,
      connection: { id: target.standIn.connection.id, rules: connectionRules(EMAIL_OPTIONAL) },
      probes,
      signal,
      agent,
      undoLater: () => undefined,
    })
    await before(probing, target)
    return (await CLAIMS.find((claim) => claim.id === id)?.ask(probing))?.verdict
  }

  const errorsOf = ({ path }: { readonly path: string }): boolean => path.endsWith('/errors')

  const rows = ({ body }: ManagementAnswer): readonly { readonly user: { readonly user_id?: string } }[] =>
    Array.isArray(body) ? body : []

  const refusing =
    (userId: () => string, error: RowError): Tampering =>
    (request, asked) =>
      errorsOf(request)
        ? asked().then((answer) => ({
            ...answer,
            status: 200,
            body: [...rows(answer), { user: { user_id: userId() }, errors: [error] }],
          }))
        : undefined

  const taking =
    (userId: () => string): Tampering =>
    (request, asked) =>
      errorsOf(request)
        ? asked().then((answer) => ({ ...answer, body: rows(answer).filter(({ user }) => user.user_id !== userId()) }))
        : undefined

  it('that calls it otherwise in its log', async () => {
    const other: Tampering = ({ path }) => (path === 'logs' ? answering(200, [{ type: 'f' }]) : undefined)
    expect(await verdictOf('log.wrong-password', other)).toBe('refuted')
  })

  it('that makes something else of the hash', async () => {
    const verdict = await verdictOf(
      'password.cost-12-with-pepper',
      undefined,
      async (probing, { standIn: { tenant } }) => {
        await probing.refusalOf(probes.peppered)
        const user = tenant.users.byId(`auth0|${probes.peppered.userId}`)
        if (user !== undefined) tenant.users.put({ ...user, password: { kind: 'random' } })
      },
    )
    expect(verdict).toBe('refuted')
  })

  it('that takes no such hash', async () => {
    const error = { code: 'PATTERN', message: 'String does not match pattern', path: 'custom_password_hash.hash.value' }
    expect(
      await verdictOf(
        'password.cost-12-with-pepper',
        refusing(() => probes.peppered.userId, error),
      ),
    ).toBe('refuted')
  })

  it('that takes nobody without an e-mail address', async () => {
    const error = { code: 'OBJECT_REQUIRED', message: 'Missing required property: email', path: 'email' }
    expect(
      await verdictOf(
        'row.without-email',
        refusing(() => probes.withoutEmail.userId, error),
      ),
    ).toBe('refuted')
  })

  it('that takes a phone number', async () => {
    expect(
      await verdictOf(
        'row.phone-without-attribute',
        taking(() => probes.withPhone.userId),
      ),
    ).toBe('refuted')
  })

  it('that takes any letter', async () => {
    expect(
      await verdictOf(
        'username.letters-refused',
        taking(() => probes.withLetters.userId),
      ),
    ).toBe('refuted')
  })

  it('that takes no long user_id', async () => {
    const error = { code: 'MAX_LENGTH', message: 'String is too long', path: 'user_id' }
    expect(
      await verdictOf(
        'user_id.longest',
        refusing(() => probes.withLongId.userId, error),
      ),
    ).toBe('refuted')
  })

  it('that finds somebody else', async () => {
    const other: Tampering = ({ path }) => (path === 'users' ? answering(200, [{ user_id: 'auth0|other' }]) : undefined)
    expect(await verdictOf('search.finds-a-noted-identity', other)).toBe('refuted')
  })

  it('that finds nobody', async () => {
    const nobody: Tampering = ({ path }) => (path === 'users' ? answering(200, []) : undefined)
    expect(await verdictOf('search.finds-a-noted-identity', nobody)).toBe('refuted')
  })

  it('that counts the file alone', async () => {
    const job = { id: 'job_0000000000000000', type: 'users_import', status: 'completed' }
    const taken: Tampering = ({ method, path }) => {
      if (errorsOf({ path })) return answering(204, undefined)
      if (path.startsWith('jobs/')) return answering(method === 'POST' ? 202 : 200, job)
      return undefined
    }
    expect(await verdictOf('import.length-of-the-form', taken)).toBe('refuted')
  })

  it('that does not say why a job failed', async () => {
    const silent: Tampering = ({ method, path }, asked) =>
      method === 'GET' && path.startsWith('jobs/')
        ? asked().then((answer) => ({ ...answer, body: { ...Object(answer.body), status_details: undefined } }))
        : undefined
    expect(await verdictOf('job.says-why-it-failed', silent)).toBe('refuted')
  })

  it('that links nobody to whom SCIM has made', async () => {
    const unlinkable: Tampering = ({ path }) =>
      path.endsWith('/identities') ? answering(400, { message: 'not supported' }) : undefined
    expect(await verdictOf('scim.provisioned-and-linked', unlinkable)).toBe('refuted')
  })
})
