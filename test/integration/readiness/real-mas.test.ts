import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { QuestionName } from '../../../src/readiness/evidence.ts'
import type { Subject } from '../../../src/readiness/subject.ts'
import { type CertificateFiles, makeCertificates } from '../../support/certificates.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { loginAtMas } from '../../support/mas/mas-clients.ts'
import { masSettings } from '../../support/mas/mas-settings.ts'
import { doMas, migrateMasSchema, type RunningMas, startMas } from '../../support/mas/run-mas.ts'
import { testPostgres } from '../../support/postgres.ts'
import { BRIDGE, fixtureAt, type Judged, readinessOf, startStockSynapse } from '../../support/readiness/real-servers.ts'
import { startTlsFront, type TlsFront, trusting } from '../../support/readiness/tls-front.ts'
import { delegatingToMas } from '../../support/synapse/configuration.ts'
import { installSynapse, whyNoSynapse } from '../../support/synapse/install.ts'
import { freePort, type RunningSynapse } from '../../support/synapse/start.ts'

const SECRET = 'shared-by-synapse-and-mas'
const COMPAT = /^\/_matrix\/client\/[^/]+\/(login|logout|refresh)/

const found = findMas()
const missing = typeof found === 'string' ? found : await whyNoSynapse()

describe.skipIf(missing)(
  `[mas-cli] readiness of a real Synapse that delegates to a real MAS${missing ? ` (${missing})` : ''}`,
  () => {
    let folder: string
    let certificates: CertificateFiles
    let distrust: () => void
    let homeserver: TlsFront
    let op: TlsFront
    let synapse: RunningSynapse
    let mas: RunningMas
    let accessToken: string
    let settings: Record<string, unknown>
    let masPort: number

    const start = async (http: Readonly<Record<string, unknown>> = {}): Promise<RunningMas> => {
      const configFile = join(folder, 'mas.yaml')
      const web = settings['http'] as Readonly<Record<string, unknown>>
      await writeFile(configFile, stringify({ ...settings, http: { ...web, ...http } }))
      return startMas(requireMas(found), { configFile, port: masPort, logFile: join(folder, 'mas.log') })
    }
    const readiness = (subject: Partial<Subject> = {}): Promise<Judged> =>
      readinessOf({
        serverName: new URL(homeserver.origin).host,
        masSecret: SECRET,
        accessToken,
        applicationServices: [{ ...BRIDGE, msc4190: true }],
        ...subject,
      })

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'syn2op-real-mas-'))
      certificates = makeCertificates('nobody')
      distrust = trusting(certificates)
      homeserver = await startTlsFront(certificates)
      op = await startTlsFront(certificates)
      masPort = await freePort()
      const masUrl = `http://127.0.0.1:${masPort}`
      const serverName = new URL(homeserver.origin).host
      synapse = await startStockSynapse(await installSynapse('1.163.2'), join(folder, 'synapse.db'), {
        ...delegatingToMas({ endpoint: `${masUrl}/`, secret: SECRET }),
        server_name: serverName,
        public_baseurl: `${homeserver.origin}/`,
        experimental_features: { msc4108_enabled: true },
      })
      const of = masSettings(
        {
          database: await testPostgres().createDatabase('readiness_mas'),
          serverName,
          port: masPort,
          synapse: { endpoint: `${synapse.baseUrl}/`, secret: SECRET },
          pepper: 'pepper',
        },
        requireMas(found),
      )
      settings = {
        ...of,
        http: { ...(of['http'] as object), public_base: `${op.origin}/`, issuer: `${op.origin}/` },
        account: { password_registration_enabled: true, password_registration_email_required: false },
      }
      const configFile = join(folder, 'mas.yaml')
      await writeFile(configFile, stringify(settings))
      await migrateMasSchema(requireMas(found), configFile)
      mas = await start()
      homeserver.become((path) => (COMPAT.test(path) ? masUrl : synapse.baseUrl))
      op.become(() => masUrl)

      const password = 'password of alice'
      await doMas(requireMas(found), configFile, ['manage', 'register-user', '--yes', 'alice', '--password', password])
      const told = await loginAtMas(masUrl, `@alice:${serverName}`, password)
      if (told.accessToken === undefined) throw new Error(`alice could not log in: ${JSON.stringify(told)}`)
      accessToken = told.accessToken
    }, 180_000)
    afterAll(async () => {
      await synapse?.stop()
      await mas?.stop()
      await homeserver?.stop()
      await op?.stop()
      distrust?.()
      await rm(folder, { recursive: true, force: true })
      await rm(certificates.folder, { recursive: true, force: true })
    })

    test('everything is found, also what only a registered client can ask', async () => {
      const judged = await readiness({ traces: 'allowed' })
      expect(judged.failed).toEqual({ error: [], warning: [], info: ['ACCOUNT_ACTIONS', 'OP_SIGN_OUT'] })
      // MAS looks at scopes after the login alone.
      expect(judged.unasked.map((one) => one.split(':')[0])).toEqual(['SCOPE_STABLE', 'SCOPE_UNSTABLE'])
      expect(judged.say('TOKENS_CHECKED')).toContain('401 M_UNKNOWN_TOKEN')
      expect(judged.say('REVOCATION')).toMatch(/^pass: /)
    })

    test('MAS answers as the stand-ins answer', async () => {
      const { evidence } = await readiness({ traces: 'allowed' })
      const json = (name: QuestionName): unknown => evidence.asked[name]?.answer?.json
      const fixture = (name: string): unknown => fixtureAt(name, { homeserver: homeserver.origin, op: op.origin })
      // Its algorithms are those of its keys, and this one has one key.
      const withoutKeys = (document: unknown): unknown =>
        Object.fromEntries(
          Object.entries(document as object).filter(([name]) => !/^(?:id_token|userinfo)_signing_alg/u.test(name)),
        )
      expect(withoutKeys(json('opConfiguration'))).toEqual(withoutKeys(fixture('mas-openid-configuration')))
      expect(withoutKeys(json('metadataStable'))).toEqual(withoutKeys(fixture('synapse-mas-auth-metadata')))
      expect(json('wellKnownClient')).toEqual(fixture('synapse-well-known-client-mas'))
      expect(json('login')).toEqual(fixture('mas-login-flows'))
      expect(json('capabilities')).toEqual(fixture('synapse-capabilities-mas'))
      expect(json('introspectSecret')).toEqual(fixture('mas-introspect-inactive'))
      expect(json('revokeJunk')).toEqual(fixture('mas-revoke-400-no-client'))
      expect(evidence.asked.registration?.answer?.status).toBe(201)
      expect(evidence.asked.revokeRegistered?.answer?.status).toBe(200)
    })

    test('a MAS that is stopped is named by whoami and by its own addresses, though Synapse still has its metadata', async () => {
      await mas.stop()
      const judged = await readiness()
      expect(judged.say('METADATA_STABLE')).toMatch(/^pass: /)
      expect(judged.say('TOKENS_CHECKED')).toBe(
        'fail: 503 M_UNKNOWN: Unable to introspect the access token: Synapse cannot ask MAS whose a token is',
      )
      expect(judged.failed.error).toEqual(['TOKENS_CHECKED', 'OP_DISCOVERY'])
      expect(judged.say('BRIDGES')).toMatch(/^pass: /)
    })

    test('a MAS that has another issuer since is told from what Synapse still says of it', async () => {
      mas = await start({ issuer: `${op.origin}/other/` })
      const judged = await readiness()
      const same = judged.probe('OP_SAME')
      expect(same).toMatchObject({ result: 'fail', level: 'error' })
      expect(same.faults?.map(({ field }) => field)).toContain('issuer')
      expect(same.remedy.join(' ')).toMatch(/^Restart every process of Synapse/u)
      expect(judged.say('TOKENS_CHECKED')).toContain('401 M_UNKNOWN_TOKEN')
    })
  },
)
