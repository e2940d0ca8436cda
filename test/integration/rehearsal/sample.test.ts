import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { plan } from '../../../src/migration/plan.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { auth0End } from '../../../src/rehearsal/ends/auth0/auth0-end.ts'
import { masEnd } from '../../../src/rehearsal/ends/mas/mas-end.ts'
import { takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import type { RehearsalSource } from '../../../src/rehearsal/sources/rehearsal-source.ts'
import type { PlanDocument } from '../../../src/report/documents.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, masProvider, plainMapping, requestOf } from '../../support/migration/requests.ts'
import { testPostgres } from '../../support/postgres.ts'
import { movingPeople } from '../../support/rehearsal/move-people.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'
import { runProgram } from '../../support/run-program.ts'
import { filesOf, leaksIn, secretsOf } from '../../support/sample/leaks.ts'
import { sampleRequest, type Taken, TEST_KEY, takenAndLoaded } from '../../support/sample/taken.ts'
import { writeSqliteHomeserver } from '../../support/sqlite-homeserver.ts'

const SOURCE = 'sample_demo'

/** Names where nobody looks for them: in columns and tables that are not known, in JSON, in texts of errors. */
const FREE_TEXTS = [
  'ALTER TABLE users ADD COLUMN remark text',
  "UPDATE users SET remark = 'called ' || name, consent_version = CASE WHEN admin = 1 THEN 'agreed by ' || name END",
  "UPDATE profiles SET fields = jsonb_build_object('org.example.name', displayname, 'id', full_user_id, 'localpart', user_id)",
  "UPDATE e2e_device_keys_json SET key_json = json_build_object('user_id', user_id, 'device_id', device_id)::text",
  `UPDATE background_updates SET update_name = 'retry_of_' || (SELECT max(name) FROM users WHERE name LIKE '@lena%'),
     progress_json = json_build_object('error', 'no such user ' || (SELECT max(name) FROM users))::text
   WHERE update_name = 'devices_last_seen'`,
  'CREATE TABLE account_data AS SELECT name AS user_id, row_to_json(users)::text AS content FROM users',
  "UPDATE users SET user_type = 'made by ' || name WHERE name LIKE '@bob:%'",
  // A provider is called as something of somebody's is.
  `UPDATE devices SET display_name = 'Of-The-Past' WHERE (user_id, device_id) IN
     (SELECT user_id, device_id FROM devices WHERE display_name = 'Firefox' OR display_name IS NULL ORDER BY 1, 2 LIMIT 1)`,
]

describe('a sample of a homeserver with every kind of account and damage', () => {
  const postgres = testPostgres()
  const ask = (statement: string) => postgres.execute(SOURCE, statement)
  let folder: string
  let demo: Taken
  let some: Awaited<ReturnType<typeof takenAndLoaded>>
  let original: PlanDocument
  const notes: string[] = []

  /** What a migration into an empty MAS would do, as far as it does not depend on the machine. */
  const planned = async (people: Pick<RehearsalSource, 'homeserver' | 'source' | 'asOf'>): Promise<PlanDocument> => {
    const mas = await createMasDatabase(postgres, 'sample_mas', demoProviders)
    const request = requestOf(
      { synapse: people.source, mas },
      {
        serverName: people.homeserver.serverName,
        asOf: people.asOf ?? 0,
        mapping: plainMapping,
        providers: DEMO_PROVIDERS.map(({ ulid, uuid }, index) =>
          masProvider({ id: ulid, uuid, authProvider: people.homeserver.providers[index]?.authProvider ?? '' }),
        ),
      },
    )
    return plan({ ...request, homeserver: people.homeserver, forecast: 'none' })
  }
  /** The homeserver that the sample is of. */
  const itself = (): RehearsalSource => ({
    ...demo,
    kind: 'real',
    what: 'demo',
    files: demo.homeserver.files,
    secrets: { canaries: [], tokens: [] },
  })
  const codes = ({ findings }: PlanDocument): readonly string[] => findings.map(({ code }) => code).toSorted()

  const providersIn = async (database: string): Promise<readonly string[]> => {
    const rows = await postgres.execute(database, 'SELECT DISTINCT auth_provider FROM user_external_ids ORDER BY 1')
    return rows.map((row) => String(row['auth_provider']))
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-'))
    const source = await createDemoHomeserver(postgres, SOURCE, { accounts: 800 })
    await postgres.execute(SOURCE, ...FREE_TEXTS)
    const { homeserver } = await writeDemoConfigs(join(folder, 'source'), { synapse: source, mas: source })
    demo = { homeserver: await loadHomeserver([homeserver]), source, asOf: DEMO.now }
    some = await takenAndLoaded(postgres, 'sample_some', {
      ...sampleRequest(demo, join(folder, 'some')),
      progress: { ...silentProgress, note: (text) => notes.push(text) },
    })
    original = await planned(demo)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('gives nobody away: no name, address, subject, token or device, in no spelling', async () => {
    const secrets = await secretsOf(ask, demo.homeserver)
    expect(secrets.length).toBeGreaterThan(5000)
    expect(await leaksIn(join(folder, 'some'), secrets)).toEqual([])
  })

  it('keeps the names of providers, but for one that somebody’s device is called by too, and says so', async () => {
    const [before, after] = [await providersIn(SOURCE), await providersIn('sample_some')]
    expect(before).toContain('oidc-of-the-past')
    expect(before.filter((name) => !after.includes(name))).toEqual(['oidc-of-the-past'])
    expect(after).toHaveLength(before.length)
    expect(notes).toEqual([expect.stringContaining('oidc-of-the-past is called oidc-')])
    expect(some.loaded.homeserver.providers.map(({ authProvider }) => authProvider)).toEqual(
      demo.homeserver.providers.map(({ authProvider }) => authProvider),
    )
  })

  it('masks the names of all providers where that is asked for', async () => {
    const out = join(folder, 'providers')
    await takeSample(sampleRequest(demo, out, { people: 20, providers: 'masked' }))
    const texts = [...(await filesOf(out))].filter(([file]) => !file.endsWith('README.md')).map(([, text]) => text)
    for (const word of ['keycloak', 'github', 'of-the-past']) expect(texts.join('\n').toLowerCase()).not.toContain(word)
  })

  it('masks the names of providers that tell of the server, of a domain of addresses, or of an issuer', async () => {
    const [yaml = ''] = demo.homeserver.files
    const settings = parse(await readFile(yaml, 'utf8')) as Record<string, unknown>
    const ids = ['organisation', 'fabrikam', 'contoso-staff', 'northwind', 'gitlab']
    const issuers = [
      'https://sso.example',
      'https://sso.example',
      'https://contoso.example',
      'https://a.b/realms/northwind',
    ]
    const file = join(folder, 'source', 'providers.yaml')
    const oidc_providers = ids.map((idp_id, index) => ({
      idp_id,
      issuer: issuers[index] ?? 'https://gitlab.example',
      client_id: 'x',
      client_secret: 'y',
    }))
    await writeFile(file, stringify({ ...settings, server_name: 'matrix.organisation.org', oidc_providers }))
    const subjects = ids.map(
      (id, index) => `(SELECT name FROM users ORDER BY name LIMIT 1), 'oidc-${id}', '${index}@fabrikam.example'`,
    )
    await ask(
      `INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ${subjects.map((each) => `(${each})`).join()}`,
    )
    onTestFinished(async () => {
      await ask("DELETE FROM user_external_ids WHERE external_id LIKE '%@fabrikam.example'")
    })
    const out = join(folder, 'telling')
    await takeSample(sampleRequest({ ...demo, homeserver: await loadHomeserver([file]) }, out, { people: 900 }))
    const texts = [...(await filesOf(out))].filter(([name]) => !name.endsWith('README.md')).map(([, text]) => text)
    const words = ['organisation', 'fabrikam', 'contoso', 'northwind']
    expect(words.filter((word) => texts.some((text) => text.includes(word)))).toEqual([])
    expect(texts.filter((text) => text.includes('gitlab'))).toHaveLength(2)
  })

  it('rehearses into the MAS that the homeserver’s own configuration describes, with no finding that the homeserver has not', async () => {
    const context = await throwAwayContext()
    const known = await providersIn(SOURCE)
    const mapping = join(folder, 'mapping.yaml')
    await writeFile(
      mapping,
      stringify({ version: 1, providers: { 'Oidc-Keycloak': 'oidc-keycloak', 'saml': 'leave' } }),
    )
    const checked = async (people: RehearsalSource): Promise<readonly string[]> => {
      const target = await masEnd({
        postgres: {
          createDatabase: (name) => postgres.createDatabase(`sample_own_${people.kind}_${name}`, { encoding: 'UTF8' }),
        },
        homeserver: people.homeserver,
        people: people.kind,
        targetConfig: [join(folder, 'source', 'mas.yaml')],
        mapping,
        wanted: 'stand-in',
        images: imagesOf({ given: [], pull: 'never' }),
        readers: 2,
        context,
      })
      onTestFinished(() => target.stop())
      const { findings } = await movingPeople(people, target, join(folder, people.kind)).check()
      const names = (await providersIn(people.source.database)).filter((name) => name !== '')
      // Of providers the names count too, but for the one that is masked.
      return findings
        .map(({ code, message }) => {
          const named = /^(?:MAS_)?PROVIDER_/u.test(code) ? names.filter((name) => message.includes(name)) : []
          return `${code} ${named
            .map((name) => (known.includes(name) ? name : 'oidc-of-the-past'))
            .toSorted()
            .join()}`
        })
        .toSorted()
    }
    const real = await checked(itself())
    expect(real).toContainEqual(expect.stringMatching(/^MAS_PROVIDER_NOT_CONFIGURED .*oidc-of-the-past/u))
    expect(await checked(some.loaded)).toEqual(real)
    expect(context.notes).toContainEqual(expect.stringContaining('of the sample'))
  })

  it('rehearses into a tenant of Auth0 that the administrator’s own file describes, likewise', async () => {
    const context = await throwAwayContext()
    const file = join(folder, 'auth0.yaml')
    const own = {
      url: 'https://company.eu.auth0.com',
      client: { id: 'theirs', secret_file: '/nowhere/secret' },
      connection: 'people',
      plan: 'enterprise',
      pepper: 'disclose',
      identity_providers: {
        'oidc-keycloak': { connection: 'company', strategy: 'oidc', link: 'scim' },
        'oidc-github': { connection: 'github', strategy: 'github', link: 'leave' },
        'oidc': { connection: 'first', strategy: 'oidc', link: 'action' },
      },
    }
    await writeFile(file, stringify(own), { mode: 0o600 })
    const checked = async (people: RehearsalSource): Promise<readonly string[]> => {
      const target = await auth0End({ homeserver: people.homeserver, targetConfig: [file], context })
      onTestFinished(() => target.stop())
      const { findings } = await movingPeople(people, target, join(folder, `auth0-${people.kind}`)).check()
      return findings.map(({ code }) => code).toSorted()
    }
    const real = await checked(itself())
    expect(real.length).toBeGreaterThan(10)
    expect(await checked(some.loaded)).toEqual(real)
  })

  it('is searched by a test that finds what is there', async () => {
    const [line = ''] = (await readFile(join(folder, 'some', 'tables', 'devices.jsonl'), 'utf8')).split('\n')
    const { user_id: mxid } = JSON.parse(line) as Record<string, string>
    const name = mxid?.slice(1).split(':')[0] ?? ''
    expect(await leaksIn(join(folder, 'some'), [{ what: 'localpart', text: name }])).not.toEqual([])
  })

  it('says the same findings as the homeserver', async () => {
    const found = codes(await planned(some.loaded))
    expect(codes(original).length).toBeGreaterThan(40)
    expect(found).toEqual(codes(original))
    // So can whoever has the folder alone find out what it lost.
    expect(some.manifest.findings.filter((code) => !found.includes(code))).toEqual([])
  })

  it('has about as many accounts as were asked for, and says how many the homeserver has', () => {
    expect(some.manifest.accounts).toBeGreaterThanOrEqual(190)
    expect(some.manifest.accounts).toBeLessThan(350)
    expect(some.manifest.original.accounts).toBeGreaterThan(800)
    expect(some.loaded.original?.accounts).toBe(some.manifest.original.accounts)
  })

  it('lets its canaries in with the made-up password, as Synapse would', async () => {
    const { canaries } = some.loaded.secrets
    expect(canaries.length).toBeGreaterThan(0)
    for (const { mxid, password } of canaries) {
      const [row] = await postgres.execute('sample_some', `SELECT password_hash FROM users WHERE name = '${mxid}'`)
      const { pepper } = some.loaded.homeserver
      expect(await bcrypt.compare(password.normalize('NFKC') + pepper, String(row?.['password_hash']))).toBe(true)
    }
  })

  it('shows tokens that hold the masked names of their owners', async () => {
    const { tokens } = some.loaded.secrets
    expect(tokens.length).toBeGreaterThan(0)
    for (const { mxid, token } of tokens.filter((one) => one.token.startsWith('syt_'))) {
      const name = Buffer.from(token.split('_')[1] ?? '', 'base64').toString()
      const rows = await postgres.execute(
        'sample_some',
        `SELECT 1 FROM users WHERE name = '@${name}:${some.loaded.homeserver.serverName}'`,
      )
      expect(rows, mxid).toHaveLength(1)
    }
  })

  it('writes a homeserver.yaml for the database that only its owner may read', async () => {
    const [file = ''] = some.loaded.files
    expect((await stat(file)).mode & 0o077).toBe(0)
    expect(some.loaded.homeserver).toMatchObject({ database: { database: 'sample_some' }, approvalRequired: true })
  })

  it('is the same, byte for byte, by the same key, and shares no name by another', async () => {
    await takeSample(sampleRequest(demo, join(folder, 'same')))
    await takeSample(sampleRequest(demo, join(folder, 'other'), { key: Buffer.from('another key of the same test') }))
    const texts = async (name: string) => [...(await filesOf(join(folder, name))).values()]
    expect(await texts('same')).toEqual(await texts('some'))
    const names = async (name: string) =>
      (await readFile(join(folder, name, 'tables', 'users.jsonl'), 'utf8')).match(/"@[^"]+"/gu) ?? []
    const [first, other] = [await names('some'), new Set(await names('other'))]
    expect(first.filter((name) => other.has(name))).toEqual([])
  })

  it('needs no more than to read the source', async () => {
    await postgres.execute(
      SOURCE,
      'DROP ROLE IF EXISTS sample_reader',
      "CREATE ROLE sample_reader LOGIN PASSWORD 'reader'",
      'GRANT USAGE ON SCHEMA public TO sample_reader',
      'GRANT SELECT ON ALL TABLES IN SCHEMA public TO sample_reader',
    )
    try {
      const source = { ...demo.source, user: 'sample_reader', password: 'reader' }
      const manifest = await takeSample(sampleRequest({ ...demo, source }, join(folder, 'read')))
      expect(manifest.accounts).toBe(some.manifest.accounts)
    } finally {
      await postgres.execute(SOURCE, 'DROP OWNED BY sample_reader', 'DROP ROLE sample_reader')
    }
  })

  it('is taken by the program, of a SQLite homeserver too, with the same people', async () => {
    const client = await postgres.superuser(SOURCE)
    await writeSqliteHomeserver(client, join(folder, 'homeserver.db')).finally(() => client.end())
    const [yaml = ''] = demo.homeserver.files
    const lite = join(folder, 'source', 'lite.yaml')
    const settings = parse(await readFile(yaml, 'utf8')) as Record<string, unknown>
    const database = { name: 'sqlite3', args: { database: join(folder, 'homeserver.db') } }
    await writeFile(lite, stringify({ ...settings, database }))
    await writeFile(join(folder, 'test.key'), TEST_KEY, { mode: 0o600 })
    const asOf = new Date(demo.asOf).toISOString()
    const args = ['sample', '--synapse-config', lite, '--out', 'lite', '--key', 'test.key', '--as-of', asOf]
    const { code, stdout, stderr } = await runProgram(args, { folder })
    expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Wrote lite: ${some.manifest.accounts} of `)
    const users = (name: string) => readFile(join(folder, name, 'tables', 'users.jsonl'), 'utf8')
    expect(await users('lite')).toBe(await users('some'))
  })

  it('of everybody is decided about as the homeserver is, to the number, and gives nobody away', async () => {
    const out = join(folder, 'everybody')
    const { manifest, loaded } = await takenAndLoaded(
      postgres,
      'sample_everybody',
      sampleRequest(demo, out, { people: 'everybody' }),
    )
    expect(manifest.rows).toEqual(manifest.original.rows)
    const masked = await planned(loaded)
    expect(masked.relations).toEqual(original.relations)
    const counts = ({ findings }: PlanDocument) =>
      findings.map(({ code, count }) => `${code} ${count ?? ''}`).toSorted()
    expect(counts(masked)).toEqual(counts(original))
    expect(masked.people).toEqual(original.people)
    expect(await leaksIn(out, await secretsOf(ask, demo.homeserver))).toEqual([])
  })
})
