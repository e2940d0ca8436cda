import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { QuestionName } from '../../../src/readiness/evidence.ts'
import {
  accessTokenOf,
  BRIDGE,
  fixtureAt,
  type Judged,
  readinessOf,
  rowCounts,
  startStockSynapse,
} from '../../support/readiness/real-servers.ts'
import { type StandIn, startStandIn } from '../../support/readiness/stand-in.ts'
import { type Reply, STAND_IN_SECRET } from '../../support/readiness/stand-in-product.ts'
import { callSynapse, MatrixError } from '../../support/synapse/client.ts'
import { delegatingToMas } from '../../support/synapse/configuration.ts'
import { type InstalledSynapse, installSynapse, whyNoSynapse } from '../../support/synapse/install.ts'
import type { RunningSynapse } from '../../support/synapse/start.ts'

const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()
const CACHED = 'public, max-age=600, s-maxage=3600, stale-while-revalidate=600'

/** What was answered, as the fixtures have it. */
const answerTo = ({ evidence }: Judged, name: QuestionName): { readonly status?: number; readonly json?: unknown } => {
  const answer = evidence.asked[name]?.answer
  return answer === undefined ? {} : { status: answer.status, json: answer.json }
}

describe.skipIf(missing)(`readiness of a real Synapse 1.163.2${missing ? ` (${missing})` : ''}`, () => {
  let folder: string
  let installed: InstalledSynapse

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-readiness-'))
    installed = await installSynapse('1.163.2')
  }, 180_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  describe('without an OP', () => {
    let synapse: RunningSynapse
    let judged: Judged
    let before: Readonly<Record<string, number>>
    const database = (): string => join(folder, 'stock.db')

    beforeAll(async () => {
      synapse = await startStockSynapse(installed, database())
      const accessToken = await accessTokenOf(synapse, 'alice')
      before = rowCounts(database())
      judged = await readinessOf({
        baseUrl: synapse.baseUrl,
        accessToken,
        masSecret: 'of-no-use-here',
        applicationServices: [BRIDGE],
      })
    }, 120_000)
    afterAll(() => synapse?.stop())

    test('nothing that is broken: what fails is what OAuth and SSO would give', () => {
      expect(judged.failed).toEqual({
        error: [],
        warning: [],
        info: ['METADATA_STABLE', 'METADATA_UNSTABLE', 'LEGACY_SSO', 'LEGACY_SIGN_UP'],
      })
      expect(judged.say('METADATA_STABLE')).toBe(
        'fail: 404 M_UNRECOGNIZED: no OAuth here, people log in by password or SSO as before',
      )
      expect(judged.say('LEGACY_SIGN_UP')).toContain('Registration has been disabled')
    })

    test('what people have today is there', () => {
      expect(judged.passed).toEqual([
        'VERSIONS',
        'AUTH_ISSUER',
        'HOMESERVER_CORS',
        'TOKENS_CHECKED',
        'LOGIN_FLOWS',
        'LEGACY_PASSWORD',
        'LEGACY_LOGOUT',
        'LEGACY_REFRESH',
        'BRIDGES',
      ])
      expect(judged.say('VERSIONS')).toContain('up to v1.15')
      expect(judged.say('LOGIN_FLOWS')).toBe('pass: password and application services')
    })

    test('of an OP nothing is said, and of MAS that there is none', () => {
      expect(judged.say('OP_DISCOVERY')).toBe('not asked: There is no OP: the homeserver names none.')
      expect(judged.say('MAS_API')).toBe('not asked: The homeserver delegates to no MAS.')
      expect(judged.evidence.issuer).toBeUndefined()
    })

    test.each<[QuestionName, number, string]>([
      ['versions', 200, 'synapse-1.163-versions'],
      ['metadataStable', 404, 'synapse-404-unrecognized'],
      ['metadataUnstable', 404, 'synapse-404-unrecognized'],
      ['authIssuer', 404, 'synapse-404-unrecognized'],
      ['login', 200, 'synapse-login-flows-password'],
      ['whoami', 401, 'synapse-whoami-401-bad-no-mas'],
      ['masApi', 404, 'synapse-404-unrecognized'],
      ['masApiSecret', 404, 'synapse-404-unrecognized'],
      ['capabilities', 200, 'synapse-capabilities'],
      ['rendezvous', 404, 'synapse-404-unrecognized'],
    ])('%s is answered as the stand-ins answer it', (name, status, fixture) => {
      expect(answerTo(judged, name)).toEqual({ status, json: fixtureAt(fixture) })
    })

    test('nothing is left behind, but where the token was used from', async () => {
      // Synapse writes that every few seconds, and when it ends. Of its own accord it does its background updates, and puts Alice, who
      // registered before, into its directory.
      await synapse.stop()
      const after = rowCounts(database())
      const changed = Object.keys(after).filter((name) => after[name] !== before[name])
      expect(changed.filter((name) => !/^(?:background_updates|user_directory)/u.test(name))).toEqual(['user_ips'])
      expect(after['user_ips']).toBe(1)
    })
  })

  describe('that delegates to a MAS which is not there', () => {
    let synapse: RunningSynapse
    let judged: Judged

    beforeAll(async () => {
      synapse = await startStockSynapse(
        installed,
        join(folder, 'alone.db'),
        delegatingToMas({ endpoint: 'http://127.0.0.1:9/', secret: STAND_IN_SECRET }),
      )
      judged = await readinessOf({
        baseUrl: synapse.baseUrl,
        masSecret: STAND_IN_SECRET,
        applicationServices: [BRIDGE],
      })
    }, 120_000)
    afterAll(() => synapse?.stop())

    test('MAS is named as what is missing, at each place where it shows', () => {
      expect(judged.failed.error).toEqual(['METADATA_STABLE', 'METADATA_UNSTABLE', 'TOKENS_CHECKED'])
      expect(judged.say('METADATA_STABLE')).toContain('as Synapse says before it has reached MAS once')
      expect(judged.say('TOKENS_CHECKED')).toContain('Synapse cannot ask MAS whose a token is')
      expect(judged.say('LOGIN_FLOWS')).toContain('Synapse itself answers, and not MAS')
    })

    test('what does without MAS works', () => {
      expect(judged.say('MAS_API')).toBe('pass: the homeserver takes the secret')
      expect(judged.say('BRIDGES')).toBe('pass: irc may use the homeserver by its token')
    })

    test('both errors are answered as the stand-ins answer them, and caches may keep that of the metadata', () => {
      for (const name of ['metadataStable', 'metadataUnstable'] as const) {
        expect(answerTo(judged, name)).toEqual({ status: 500, json: fixtureAt('synapse-500-mas-down') })
        expect(judged.evidence.asked[name]?.answer?.headers['cache-control']).toBe(CACHED)
      }
      expect(answerTo(judged, 'whoami')).toEqual({ status: 503, json: fixtureAt('synapse-503-mas-down') })
    })
  })

  describe('that delegates to a MAS, which a stand-in plays', () => {
    let synapse: RunningSynapse
    let mas: StandIn
    let introspection: Partial<Reply> = {}

    const readiness = (masSecret = STAND_IN_SECRET, accessToken?: string): Promise<Judged> =>
      readinessOf({
        baseUrl: synapse.baseUrl,
        masSecret,
        applicationServices: [BRIDGE],
        ...(accessToken === undefined ? {} : { accessToken }),
      })
    const fixture = (name: string): unknown => fixtureAt(name, { homeserver: synapse.baseUrl, op: mas.issuer ?? '' })

    beforeAll(async () => {
      mas = await startStandIn('synapse-mas', {
        faults: ({ path }, reply) => (path === '/oauth2/introspect' ? { ...reply, ...introspection } : reply),
      })
      synapse = await startStockSynapse(
        installed,
        join(folder, 'delegating.db'),
        delegatingToMas({ endpoint: mas.issuer ?? '', secret: STAND_IN_SECRET }),
      )
    }, 120_000)
    afterAll(async () => {
      await synapse?.stop()
      await mas?.stop()
    })

    test('what Synapse says of MAS is what MAS says', async () => {
      const judged = await readiness()
      // The stand-in has no TLS, and the old logins are not sent to it.
      expect(judged.failed.error).toEqual(['METADATA_HTTPS'])
      expect(judged.failed.warning).toEqual(['LOGIN_FLOWS', 'LEGACY_LOGOUT', 'LEGACY_REFRESH', 'BRIDGE_DEVICES'])
      expect(judged.say('OP_SAME')).toMatch(/^pass: All \d+ fields are the same/)
      expect(answerTo(judged, 'metadataStable')).toEqual({ status: 200, json: fixture('synapse-mas-auth-metadata') })
      expect(answerTo(judged, 'metadataUnstable')).toEqual({ status: 200, json: fixture('synapse-mas-auth-metadata') })
      expect(answerTo(judged, 'whoami')).toEqual({ status: 401, json: fixture('synapse-whoami-401-bad-mas') })
      expect(answerTo(judged, 'masApi')).toEqual({ status: 401, json: fixture('synapse-whoami-401-missing') })
      expect(answerTo(judged, 'masApiSecret')).toEqual({ status: 400, json: fixture('synapse-mas-400-no-localpart') })
      expect(answerTo(judged, 'login')).toEqual({ status: 404, json: fixture('synapse-404-unrecognized') })
    })

    test('.well-known names the OP too', async () => {
      expect(await callSynapse(synapse.baseUrl, 'GET', '/.well-known/matrix/client')).toEqual(
        fixture('synapse-well-known-client-mas'),
      )
    })

    test('a secret that is not Synapse’s is told', async () => {
      const judged = await readiness('another-secret')
      expect(judged.probe('MAS_API')).toMatchObject({ result: 'fail', level: 'error' })
      expect(judged.say('MAS_API')).toContain('this secret is not the one that the homeserver runs with')
      expect(answerTo(judged, 'masApiSecret')).toEqual({ status: 403, json: fixture('synapse-mas-403-wrong-secret') })
    })

    test('a person of MAS is told that the OP has passwords and e-mails', async () => {
      const call = (path: string, token: string, body: Record<string, unknown>): Promise<unknown> =>
        callSynapse(synapse.baseUrl, 'POST', path, { token, body })
      await call('/_synapse/mas/provision_user', STAND_IN_SECRET, { localpart: 'alice' })
      await call('/_synapse/mas/upsert_device', STAND_IN_SECRET, { localpart: 'alice', device_id: 'ABCDEFGHIJ' })
      const scope = 'urn:matrix:client:api:* urn:matrix:client:device:ABCDEFGHIJ'
      const body = { active: true, scope, username: 'alice', sub: 'a', device_id: 'ABCDEFGHIJ', expires_in: 300 }
      introspection = { status: 200, body }
      const judged = await readiness(STAND_IN_SECRET, 'token-of-alice').finally(() => {
        introspection = {}
      })
      expect(judged.say('CAPABILITIES')).toMatch(/^pass: /)
      expect(answerTo(judged, 'capabilities')).toEqual({ status: 200, json: fixture('synapse-capabilities-mas') })

      const upload = (key: string): Promise<unknown> =>
        call('/_matrix/client/v3/keys/device_signing/upload', 'token-of-alice', {
          master_key: { user_id: '@alice:story.example', usage: ['master'], keys: { [`ed25519:${key}`]: key } },
        })
      await upload('nqOvzeuGWT/sRx3h7+MHoInYj3Uk2LD/unI9kDYcHwk')
      const second: unknown = await upload('mqOvzeuGWT/sRx3h7+MHoInYj3Uk2LD/unI9kDYcHwk').catch(
        (error: unknown) => error,
      )
      if (!(second instanceof MatrixError)) throw new Error('Another key was taken')
      expect([second.status, JSON.parse(second.body)]).toEqual([401, fixture('synapse-device-signing-401-mas')])
    })

    test('a Synapse with another secret than MAS is told from a MAS that is down', async () => {
      introspection = { status: 401, body: { error: 'invalid_client' } }
      const judged = await readiness().finally(() => {
        introspection = {}
      })
      expect(judged.say('TOKENS_CHECKED')).toContain('Synapse cannot ask MAS whose a token is')
      expect(judged.probe('TOKENS_CHECKED').remedy.join('\n')).toMatch(/have to be the same/)
      expect(judged.say('INTROSPECTION')).toContain('MAS has another secret')
    })

    test('a MAS that went down is told, though Synapse still has its metadata and what MAS said of tokens', async () => {
      await mas.stop()
      const judged = await readiness()
      expect(judged.failed.error).toEqual(['METADATA_HTTPS', 'TOKENS_CHECKED', 'OP_DISCOVERY'])
      expect(judged.say('METADATA_STABLE')).toMatch(/^pass: /)
      expect(answerTo(judged, 'whoami')).toEqual({ status: 503, json: fixture('synapse-503-mas-down') })
      expect(judged.probe('TOKENS_CHECKED').remedy).toContain('MAS answers nobody: start it, and see its log.')
    })
  })
})
