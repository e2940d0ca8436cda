import { isIP } from 'node:net'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import { FINDINGS } from '../../../src/findings/catalogue.ts'
import type { FindingEntry } from '../../../src/findings/entry.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { providerRules } from '../../../src/mapping/provider-rules.ts'
import { countSource } from '../../../src/migration/count-source.ts'
import { run } from '../../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import type { ApplicationService, SynapseProvider } from '../../../src/synapse/homeserver.ts'
import { buildRelations } from '../../../src/synapse/relations.ts'
import { openSnapshot } from '../../../src/synapse/snapshot.ts'
import { CLEAN, EXTRA_TABLES, MORE_DAMAGE } from '../../support/findings/homeservers.ts'
import { OTHERWISE_COUNTED } from '../../support/findings/otherwise-counted.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { plainMapping } from '../../support/migration/requests.ts'
import { testPostgres } from '../../support/postgres.ts'
import { soundHomeserver } from '../../support/sound-mas.ts'

const IRC: ApplicationService = {
  id: DEMO.appserviceId,
  file: 'irc.yaml',
  sender: 'irc',
  users: [
    // The edge of a word to Python, a backspace to PostgreSQL.
    { regex: String.raw`@\b_irc_.*`, exclusive: true },
    // Python understands it and PostgreSQL does not.
    { regex: '@(?>x).*', exclusive: true },
    { regex: '@.*', exclusive: false },
  ],
  msc4190: false,
}

const KEYCLOAK: SynapseProvider = {
  authProvider: 'oidc-keycloak',
  kind: 'oidc',
  path: 'oidc_providers[0]',
  backchannelLogout: true,
}
const GITHUB: SynapseProvider = { authProvider: 'oidc-github', kind: 'oidc', path: 'oidc_providers[1]' }

const mapping = { ...plainMapping, providers: { 'Oidc-Keycloak': 'oidc-keycloak' } }
const providers = DEMO_PROVIDERS.map(({ uuid, authProvider }) => ({ id: uuid, authProvider }))
const rules: DecisionRules = {
  serverName: DEMO.serverName,
  asOf: DEMO.now,
  accounts: plainMapping.accounts,
  ghosts: [],
  providers: providerRules(providers, mapping),
  keepsOut: ['expired', 'unapproved'],
}

const findingsIn = async (database: string, decidedBy = rules): Promise<readonly Finding[]> => {
  const { signal } = new AbortController()
  const settings = testPostgres().settings(database)
  const snapshot = await openSnapshot(settings, { count: 2, applicationName: 'findings', signal })
  try {
    const [reader, other] = snapshot.readers
    if (reader === undefined || other === undefined) throw new TypeError('two readers')
    const catalogue = toSourceCatalogue(await run(reader, catalogueQuery))
    const relations = buildRelations(catalogue)
    const { findings } = await countSource({
      target: { name: 'mas', providers },
      homeserver: {
        ...soundHomeserver,
        serverName: DEMO.serverName,
        applicationServices: [IRC],
        providers: [KEYCLOAK, GITHUB],
      },
      mapping,
      catalogue,
      unreadable: [],
      filtered: [],
      relations,
      rules: decidedBy,
      decisions: decisions(relations, decidedBy),
      readers: [reader, other],
      signal,
    })
    return findings
  } finally {
    await snapshot.close()
  }
}

/** Nothing is found of these where the mapping holds nobody back: a test of their own counts them. */
const OF_A_MAPPING = ['HELD_BACK_IN_USE']

const otherwise = async (client: Client, code: string): Promise<number> => {
  const way = OTHERWISE_COUNTED[code]
  if (way === undefined) return Number.NaN
  if (typeof way === 'string') return Number((await client.query<{ count: string }>(way)).rows[0]?.count)
  const { rows } = await client.query<{ ip: string | null }>(way.of)
  return rows.filter(({ ip }) => ip !== null && (isIP(ip) === 0 || ip.includes('%'))).length
}

const countedCodes = (Object.entries(FINDINGS) as readonly (readonly [string, FindingEntry])[])
  .filter(([, { counted }]) => counted !== undefined)
  .map(([code]) => code)

describe('a homeserver without anything remarkable', () => {
  test('has no finding but what its hashes cost', async () => {
    const postgres = testPostgres()
    await postgres.createDatabase('findings_clean', { encoding: 'UTF8' })
    await postgres.execute('findings_clean', ...synapseDdl(NEWEST_SYNAPSE), ...EXTRA_TABLES, ...CLEAN)
    expect((await findingsIn('findings_clean')).map(({ code }) => code)).toEqual(['HASH_COSTS'])
  })
})

describe('a homeserver with everything', () => {
  let found: readonly Finding[]
  let client: Client

  beforeAll(async () => {
    const postgres = testPostgres()
    await createDemoHomeserver(postgres, 'findings_damaged', { accounts: 400 })
    await postgres.execute('findings_damaged', ...EXTRA_TABLES, ...MORE_DAMAGE)
    found = await findingsIn('findings_damaged')
    client = await postgres.superuser('findings_damaged')
  })

  afterAll(() => client.end())

  test('is counted in another way too for every code that is counted', () => {
    expect(countedCodes.filter((code) => !Object.hasOwn(OTHERWISE_COUNTED, code))).toEqual(OF_A_MAPPING)
  })

  test.each(Object.keys(OTHERWISE_COUNTED))('%s counts what another query counts', async (code) => {
    const told = found.filter((one) => one.code === code)
    const wanted = await otherwise(client, code)
    expect(wanted, 'the database has some').toBeGreaterThan(0)
    expect(told.map(({ count }) => count)).toEqual([wanted])
    expect(told[0]?.message).toContain(wanted.toLocaleString('en-US'))
  })

  describe('whose mapping holds ghosts and bots back', () => {
    let held: readonly Finding[]

    beforeAll(async () => {
      held = await findingsIn('findings_damaged', {
        ...rules,
        ghosts: ['^@_irc_', '^@sms_'],
        accounts: { ...rules.accounts, bots: 'hold_back' },
      })
    })

    test('warns of those whom somebody may log in to, and calls only the others users of application services', async () => {
      const isHeld = `u.appservice_id IS NULL AND u.name ~ '^@[^:]+:demo[.]example$'
        AND (u.name ~ '^@(_irc|sms)_' OR u.user_type IN ('bot', 'support'))`
      const isUsed = `u.deactivated = 0 AND (coalesce(u.password_hash, '') <> '' OR u.name IN (SELECT user_id FROM user_external_ids)
        OR u.name IN (SELECT user_id FROM devices WHERE hidden IS NOT TRUE))`
      const { rows } = await client.query<{ used: number; ghosts: number }>(`SELECT
        (SELECT count(*) FROM users u WHERE ${isHeld} AND ${isUsed})::integer AS used,
        (SELECT count(*) FROM users u WHERE ${isHeld} AND u.user_type IS NULL AND NOT (${isUsed}))::integer AS ghosts`)
      const told = held.find(({ code }) => code === 'HELD_BACK_IN_USE')
      expect(rows[0]?.used).toBeGreaterThan(1)
      expect(told).toMatchObject({ severity: 'warning', count: rows[0]?.used })
      expect(held.find(({ code }) => code === 'APPSERVICE_USERS')?.message).toContain(
        `(namespaces of the mapping) ${rows[0]?.ghosts}`,
      )
    })

    test('tells of user types only where such an account migrates, and not of a rule that is there', () => {
      const told = held.find(({ code }) => code === 'USER_TYPES')
      expect(told).toMatchObject({ count: 1, samples: ['@long:demo.example'], remedy: ['Nothing to do.'] })
    })
  })

  describe('whose target lets people set a password by e-mail', () => {
    const shut = { passwords: false, providers: [], resets: 'by e-mail' } as const
    const isCarried = `m.medium = 'email' AND octet_length(m.address) < 2600`

    test('counts among people without a way to log in only those without an address', async () => {
      const everybody = OTHERWISE_COUNTED['ACCOUNTS_WITHOUT_LOGIN']
      if (typeof everybody !== 'string') throw new TypeError('a query')
      const { rows } = await client.query<{ count: number }>(`SELECT (count(*))::integer AS count
        FROM (${everybody.replace('count(*)', 'u.name')}) n
        WHERE n.name NOT IN (SELECT m.user_id FROM user_threepids m WHERE ${isCarried})`)
      const without = rows[0]?.count ?? 0
      const all = found.find(({ code }) => code === 'ACCOUNTS_WITHOUT_LOGIN')?.count
      const told = (await findingsIn('findings_damaged', { ...rules, shut })).find(
        ({ code }) => code === 'ACCOUNTS_WITHOUT_LOGIN',
      )
      expect(without).toBeGreaterThan(0)
      expect(all).toBeGreaterThan(without)
      expect(told).toMatchObject({ count: without, message: expect.stringMatching(/nor an e-mail address/u) })
    })

    test('counts them all where the mapping gives the target no address', async () => {
      const emails = { primary: 'none', preferDomains: [], others: 'keep' } as const
      const told = await findingsIn('findings_damaged', { ...rules, shut, emails })
      const of = (findings: readonly Finding[]) => findings.find(({ code }) => code === 'ACCOUNTS_WITHOUT_LOGIN')?.count
      expect(of(told)).toBe(of(found))
    })
  })

  test('samples name whom it concerns, and no secret', async () => {
    const { rows } = await client.query<{ secret: string }>(`
      SELECT token AS secret FROM access_tokens WHERE length(token) > 10
      UNION SELECT token FROM refresh_tokens UNION SELECT password_hash FROM users WHERE length(password_hash) > 10
      UNION SELECT token FROM registration_tokens UNION SELECT token FROM login_tokens`)
    const said = JSON.stringify(found)
    expect(rows.filter(({ secret }) => said.includes(secret))).toEqual([])
    for (const { code, samples = [] } of found) expect(samples.length, code).toBeLessThanOrEqual(3)
  })

  test('the line for the mapping names the ghosts, and only them', async () => {
    const remedy = found.find(({ code }) => code === 'GHOSTS_SUSPECTED')?.remedy ?? []
    const patterns = remedy.slice(2).map((line) => line.trim().replace(/^- '(.*)'$/u, '$1'))
    expect(patterns).toContain(String.raw`^(?:@\y_irc_.*)`)
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM users WHERE name ~ ANY ($1) AND appservice_id IS NULL ORDER BY name COLLATE "C"',
      [patterns],
    )
    expect(rows.map(({ name }) => name.slice(0, 5))).toEqual([
      '@_irc',
      '@_tel',
      ...Array.from({ length: 21 }, () => '@sms_'),
    ])
  })
})
