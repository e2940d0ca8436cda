import { Agent } from 'node:http'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import type { StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { CanaryDocument } from '../../../src/report/auth0-canary-document.ts'
import { auth0CanarySchema } from '../../../src/report/schema/auth0-canary.ts'
import { renderCanary } from '../../../src/report/text/auth0-canary.ts'
import type { RowError } from '../../../src/targets/auth0/api/jobs-api.ts'
import type { ManagementAnswer } from '../../../src/targets/auth0/api/management-api.ts'
import { createScimConfiguration } from '../../../src/targets/auth0/api/scim-api.ts'
import { CLAIMS } from '../../../src/targets/auth0/canary/claims.ts'
import { makeSecrets } from '../../../src/targets/auth0/canary/probe-secrets.ts'
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

const withPhones = (isRequired: boolean) => ({
  attributes: {
    ...EMAIL_OPTIONAL.attributes,
    phone_number: { identifier: { active: true }, profile_required: isRequired },
  },
})

/** Who are there already. */
const addPeople = ({ standIn: { tenant, connection } }: TenantAndApi, count: number): void => {
  for (let n = 0; n < count; n++) {
    const identity = { connection: connection.name, provider: 'auth0', userId: `old-${n}`, isSocial: false }
    tenant.users.put({
      userId: `auth0|old-${n}`,
      identities: [identity],
      email: `old-${n}@example.org`,
      emailVerified: true,
      names: {},
      blocked: false,
      appMetadata: {},
      userMetadata: {},
      createdAt: 0,
      updatedAt: 0,
      loginsCount: 1,
    })
  }
}

const users = ({ standIn: { tenant } }: TenantAndApi): readonly string[] =>
  [...tenant.users.all()].map(({ userId }) => userId)

describe('the canary at a tenant', () => {
  it('finds every claim confirmed, leaves nobody behind, and tells no hash', async () => {
    const target = await wholeTenant()
    const document = await ask(target)
    const others = document.claims.flatMap(({ id, verdict, seen }) => (verdict === 'confirmed' ? [] : [{ id, seen }]))
    expect(others).toEqual([{ id: 'row.phone-number', seen: 'the connection takes no phone numbers' }])
    expect(document.claims).toHaveLength(CLAIMS.length)
    expect(auth0CanarySchema.strict().parse(document)).toEqual(document)
    expect(JSON.stringify(document)).not.toMatch(/\$2[aby]\$/u)
    expect(renderCanary(document, { width: 200, colour: 'off' })).toContain('confirmed (password.with-a-long-pepper): ')
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
      'password.with-a-long-pepper': 'auth0.yaml names no `application` by which a password can be tried',
      'password.space-and-umlaut': 'auth0.yaml names no `application` by which a password can be tried',
      'upsert.renews-a-hash': 'auth0.yaml names no `application` by which a password can be tried',
      'row.phone-number': 'the connection takes no phone numbers',
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

  it('says who may be left where it is stopped after the answer to its import was lost', async () => {
    const target = await wholeTenant({ jobSpeed: 60, faults: [answerLost] })
    const stop = new AbortController()
    const stopped = runCanary({
      api: target.api,
      config: target.config,
      syn2op: '0.0.0',
      probes: 'remove',
      signal: stop.signal,
      told: () => stop.abort(new Syn2opError('run.interrupted', 'Stopped, as asked')),
    })
    const error: unknown = await stopped.catch((thrown: unknown) => thrown)
    await target.clock.sleep(HOUR)
    const [first = ''] = users(target)
    const tag = /syn2op-canary-([0-9a-f]+)-/u.exec(first)?.[1]
    expect(error).toMatchObject({
      code: 'run.interrupted',
      next: [expect.stringMatching(new RegExp(`may be left, or come within two hours.*Search for ${tag} `, 'u'))],
    })
  })

  it('says who is kept where it ends early and was to keep them, and nothing of anybody where nobody was made', async () => {
    const target = await wholeTenant()
    const kept = (api: TenantAndApi['api']): Promise<unknown> =>
      runCanary({ api, config: target.config, syn2op: '0.0.0', probes: 'keep', told: () => undefined, signal }).catch(
        (thrown: unknown) => thrown,
      )
    const failing = tampered(target.api, ({ path }) => {
      if (path === 'users') throw new TypeError('of us')
      return undefined
    })
    expect(await kept(failing)).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('of us'),
      next: [expect.stringMatching(/are kept\. Search for [0-9a-f]+ under/u)],
    })
    const refused = tampered(target.api, () => {
      throw new Syn2opError('target.not-allowed', 'no', { next: ['Look.'] })
    })
    expect(await kept(refused)).toMatchObject({ code: 'target.not-allowed', next: ['Look.'] })
  })

  it('changes nobody else by an import, and takes no phone number that anybody could have', async () => {
    const forms: string[] = []
    const target = await wholeTenant({
      watch: ({ path, body }) => void (path.endsWith('/users-imports') && forms.push(body.toString('latin1'))),
    })
    await ask(target)
    expect(forms.length).toBeGreaterThan(0)
    const upserts = forms.filter((form) => !/name="upsert"\r\n\r\nfalse\r\n/u.test(form))
    expect(upserts.flatMap((form) => form.match(/[\w.-]+@[\w.-]+/gu) ?? [])).toEqual([
      expect.stringMatching(/^[\da-f]{6}-peppered@syn2op-canary\.invalid$/u),
    ])
    const phones = forms.flatMap((form) => form.match(/\+1\d{10}/gu) ?? [])
    expect(phones).toEqual([expect.stringMatching(/^\+120255501\d\d$/u)])
  })

  it('does not begin at a connection that is none of people with passwords', async () => {
    const target = await wholeTenant()
    const config = { ...target.config, connection: 'corp' }
    await expect(ask({ ...target, config })).rejects.toMatchObject({ code: 'target.not-allowed' })
  })
})

interface Otherwise {
  readonly tampering?: Tampering
  readonly options?: Omit<StandInOptions, 'clock'>
  readonly connection?: Readonly<Record<string, unknown>>
  readonly before?: (probing: Probing, target: TenantAndApi) => Promise<void>
}

describe('a claim', () => {
  let probes: Probes
  beforeAll(async () => {
    probes = await makeProbes(makeSecrets(), connectionRules(EMAIL_OPTIONAL))
  })

  /** One of them alone. */
  const askedOf = async (
    id: string,
    { tampering = () => undefined, options = {}, connection = EMAIL_OPTIONAL, before }: Otherwise,
    ofSomebody = probes,
  ) => {
    const target = await wholeTenant(options)
    target.standIn.connection.options = connection
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const probing = openProbing({
      api: tampered(target.api, tampering),
      config: target.config,
      connection: { id: target.standIn.connection.id, rules: connectionRules(connection) },
      probes: ofSomebody,
      signal,
      agent,
      undoLater: () => undefined,
    })
    await before?.(probing, target)
    return CLAIMS.find((claim) => claim.id === id)?.ask(probing)
  }

  describe('is confirmed', () => {
    it("with a pepper as long as Synapse's behind the short password", async () => {
      const long = await makeProbes(makeSecrets(43), connectionRules(EMAIL_OPTIONAL))
      const seen = async (ofSomebody: Probes) => (await askedOf('password.with-a-long-pepper', {}, ofSomebody))?.seen
      expect(await seen(probes)).toBe('logged in with 20 bytes before a pepper of 64')
      expect(await seen(long)).toBe('logged in with 20 bytes before a pepper of 43')
    })

    it('by an export of more than five, where there are more', async () => {
      const before: Otherwise['before'] = async (_, target) => addPeople(target, 10)
      expect(await askedOf('export.sees-an-import-at-once', { before })).toEqual({
        verdict: 'confirmed',
        seen: 'all 4 who were imported are in it, and more than 5 come without a limit',
      })
    })

    it.each(['row.phone-without-attribute', 'username.letters-refused'])(
      'by a refusal that names the field within the identity: %s',
      async (id) => {
        const options = { readings: { errorPaths: 'of the identity' } } as const
        const told = await askedOf(id, { options })
        expect(told).toMatchObject({
          verdict: 'confirmed',
          seen: expect.stringContaining('identities[0].profileData.'),
        })
      },
    )

    it.each([true, false])('of phone numbers, where the connection takes them: required %o', async (isRequired) => {
      const connection = withPhones(isRequired)
      const people = await makeProbes(makeSecrets(), connectionRules(connection))
      expect(await askedOf('row.phone-number', { connection }, people)).toMatchObject({ verdict: 'confirmed' })
      expect(await askedOf('row.without-email', { connection }, people)).toMatchObject({ verdict: 'confirmed' })
    })
  })

  describe('is refuted by a tenant', () => {
    const verdictOf = async (id: string, tampering?: Tampering, before?: Otherwise['before']) =>
      (
        await askedOf(id, {
          ...(tampering === undefined ? {} : { tampering }),
          ...(before === undefined ? {} : { before }),
        })
      )?.verdict

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
          ? asked().then((answer) => ({
              ...answer,
              body: rows(answer).filter(({ user }) => user.user_id !== userId()),
            }))
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
      const error = {
        code: 'PATTERN',
        message: 'String does not match pattern',
        path: 'custom_password_hash.hash.value',
      }
      expect(
        await verdictOf(
          'password.cost-12-with-pepper',
          refusing(() => probes.peppered.userId, error),
        ),
      ).toBe('refuted')
    })

    it.each([
      ['Error in customPasswordHash property - String does not match pattern', undefined],
      ['String does not match pattern', 'passwordHash'],
    ])('that takes no such hash, and says %o', async (message, path) => {
      const error = { code: 'PATTERN', message, ...(path === undefined ? {} : { path }) }
      expect(
        await verdictOf(
          'password.cost-12-with-pepper',
          refusing(() => probes.peppered.userId, error),
        ),
      ).toBe('refuted')
    })

    it('that keeps a long pepper whole, and cuts the password', async () => {
      const options = { readings: { cutTo72: 'password' } } as const
      expect(await askedOf('password.with-a-long-pepper', { options })).toMatchObject({ verdict: 'refuted' })
      expect(await askedOf('password.cost-12-with-pepper', { options })).toMatchObject({ verdict: 'confirmed' })
    })

    it('that lets in nobody with a space or an umlaut', async () => {
      const options = { readings: { lettersAtLogin: '33 to 126' } } as const
      expect(await askedOf('password.space-and-umlaut', { options })).toMatchObject({ verdict: 'refuted' })
      expect(await askedOf('password.cost-12-with-pepper', { options })).toMatchObject({ verdict: 'confirmed' })
    })

    const isUpsert = ({ form }: Parameters<Tampering>[0]): boolean =>
      form !== undefined && /name="upsert"\r\n\r\ntrue/u.test(form.bytes.toString('latin1'))

    it('that takes no other hash by an upsert', async () => {
      const told = await askedOf('upsert.renews-a-hash', { options: { readings: { hashByUpsert: 'refused' } } })
      expect(told).toMatchObject({ verdict: 'refuted', seen: expect.stringContaining('already has password hash') })
    })

    it('that says it has taken another hash, and keeps the old one', async () => {
      const job = { id: 'job_0000000000000000', type: 'users_import', status: 'completed' }
      const ignoresUpsert: Tampering = (request) => {
        if (isUpsert(request)) return answering(202, { ...job, status: 'pending' })
        if (request.path === `jobs/${job.id}`) return answering(200, job)
        return request.path === `jobs/${job.id}/errors` ? answering(204, undefined) : undefined
      }
      expect(await verdictOf('upsert.renews-a-hash', ignoresUpsert)).toBe('refuted')
    })

    it('that takes another hash for a password that was reset', async () => {
      const told = await askedOf('upsert.renews-a-hash', { options: { readings: { hashByUpsert: 'a reset' } } })
      expect(told).toMatchObject({ verdict: 'refuted', seen: expect.stringContaining('counts as reset') })
    })

    it('whose export shows an import only later', async () => {
      const options = { readings: { exportLag: 20_000 } } as const
      expect(await askedOf('export.sees-an-import-at-once', { options })).toEqual({
        verdict: 'refuted',
        seen: 'of 4 who were imported it lacked 4 in 0 rows, 30 s later it had all',
      })
    })

    it('whose export ends after five users where no limit is sent', async () => {
      const told = await askedOf('export.sees-an-import-at-once', {
        options: { readings: { exportedWithoutLimit: 5 } },
        before: async (_, target) => addPeople(target, 5),
      })
      expect(told).toEqual({
        verdict: 'refuted',
        seen: 'of 4 who were imported it lacked 4 in 5 rows, 30 s later it lacked 4 in 5 rows',
      })
    })

    it.each([
      ['leaves phone numbers out', { phone_number: undefined, phone_verified: undefined }],
      ['takes phone numbers for not verified', { phone_verified: false }],
    ])('that %s', async (_, read) => {
      const other: Tampering = ({ method, path }, asked) =>
        method === 'GET' && path.startsWith('users/')
          ? asked().then((answer) => ({ ...answer, body: { ...Object(answer.body), ...read } }))
          : undefined
      const connection = withPhones(false)
      const people = await makeProbes(makeSecrets(), connectionRules(connection))
      const told = await askedOf('row.phone-number', { tampering: other, connection }, people)
      expect(told).toMatchObject({ verdict: 'refuted' })
    })

    it('that takes nobody without an e-mail address', async () => {
      const error = { code: 'OBJECT_REQUIRED', message: 'Missing required property: email', path: 'email' }
      expect(
        await verdictOf(
          'row.without-email',
          refusing(() => probes.unusual.userId, error),
        ),
      ).toBe('refuted')
    })

    it('that takes a phone number', async () => {
      expect(
        await verdictOf(
          'row.phone-without-attribute',
          taking(() => probes.unfit.userId),
        ),
      ).toBe('refuted')
    })

    it('that takes any letter', async () => {
      expect(
        await verdictOf(
          'username.letters-refused',
          taking(() => probes.unfit.userId),
        ),
      ).toBe('refuted')
    })

    it('that takes no long user_id', async () => {
      const error = { code: 'MAX_LENGTH', message: 'String is too long', path: 'user_id' }
      expect(
        await verdictOf(
          'user_id.longest',
          refusing(() => probes.unusual.userId, error),
        ),
      ).toBe('refuted')
    })

    it('that finds somebody else', async () => {
      const other: Tampering = ({ path }) =>
        path === 'users' ? answering(200, [{ user_id: 'auth0|other' }]) : undefined
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
})
