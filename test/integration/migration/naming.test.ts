import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../../../src/accounts/account.ts'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import { parseMapping } from '../../../src/mapping/load-mapping.ts'
import { type KnownEmail, primaryEmail } from '../../../src/mapping/primary-email.ts'
import { requireFollowed } from '../../../src/mapping/require-followed.ts'
import { checkMapping } from '../../../src/migration/mapping/check-mapping.ts'
import { testMapping } from '../../../src/migration/mapping/test-mapping.ts'
import { migrate } from '../../../src/migration/migrate.ts'
import { withSource } from '../../../src/migration/open-source.ts'
import { readPlainAccounts } from '../../../src/migration/plain-accounts.ts'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { run } from '../../../src/postgres/statement.ts'
import { wantedRows } from '../../../src/targets/mas/verify/field-by-field/compare-fields.ts'
import { memoryTarget } from '../../../src/targets/memory/memory-target.ts'
import { allRows, memoryPeople } from '../../../src/targets/memory/people.ts'
import type { TargetCheck } from '../../../src/targets/target.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const postgres = testPostgres()
const DATABASE = 'naming'
let source: PostgresSettings

const mxid = (localpart: string): string => `@${localpart}:demo.example`

const email = (name: string, address: string, added: number): string =>
  `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
   VALUES ('${mxid(name)}', 'email', '${address}', ${added}, ${added})`

beforeAll(async () => {
  source = await createDemoHomeserver(postgres, DATABASE, { accounts: 40 })
  const user = (name: string, created: number, more = "NULL, '$2b$12$x'") =>
    `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated, user_type, password_hash)
     VALUES ('${mxid(name)}', ${created}, 0, 0, 0, ${more})`
  await postgres.execute(
    DATABASE,
    user('Zoe', 1_600_000_000),
    user('zoe', 1_500_000_000),
    user('helper', 1_500_000_001, "'bot', NULL"),
    user('irc_bot', 1_500_000_002),
    user('_tg_1', 1_500_000_003),
    user('bare', 1_500_000_004),
    user('late', 1_500_000_005),
    user('early', 1_500_000_006),
    email('zoe', 'zoe@one.example', 1000),
    email('zoe', 'zoe@TWO.example', 2000),
    email('zoe', 'zoe@three.example', 3000),
    `INSERT INTO profiles (user_id, full_user_id, displayname) VALUES ('zoe', '${mxid('zoe')}', 'Zoë Z')`,
  )
})

/** To people in memory, where names are one whatever their capitals. */
const requestBy = (rules: string, people = memoryPeople()): MigrationRequest => {
  const request = demoRequest({ synapse: source, mas: source })
  return {
    ...request,
    homeserver: {
      ...request.homeserver,
      applicationServices: [
        {
          id: 'telegram',
          file: '/etc/telegram.yaml',
          sender: 'irc_bot',
          users: [
            { regex: String.raw`@_tg_\d+:demo\.example`, exclusive: true },
            { regex: '@.*', exclusive: false },
          ],
          msc4190: true,
        },
      ],
    },
    mapping: parseMapping(rules, 'rules.yaml'),
    openTarget: async () => memoryTarget(people),
  }
}

const RULES = `accounts: { bots: hold_back }
registrations: exclusive
usernames:
  from: ['{email_localpart|lower}', '{localpart|lower}']
  collision: number
emails: { primary: newest, prefer_domains: [two.example], others: leave }
attributes: { name: '{displayname}', from: '{mxid}' }
providers: { oidc-github: leave }
cohorts:
  - { name: zoes, match: { localparts: ['[zZ]oe'] } }
`

describe('the rules about names', () => {
  test('are shown for single accounts, each decision with the line of its rule', async () => {
    const names = ['zoe', 'Zoe', 'helper', 'irc_bot', '_tg_1', 'nobody-at-all'].map(mxid)
    const { accounts } = await testMapping(requestBy(RULES), names)
    const zoe = accounts[0]
    expect(accounts.slice(1)).toEqual([
      expect.objectContaining({
        decision: 'migrate',
        username: 'zoe2',
        cohort: { name: 'zoes', rule: 'cohorts.0', line: 10 },
      }),
      expect.objectContaining({ decision: 'hold back', reason: 'bot', by: { rule: 'accounts.bots', line: 1 } }),
      expect.objectContaining({ decision: 'hold back', reason: 'bot' }),
      expect.objectContaining({ reason: 'ghost_namespace', by: { rule: 'registrations', line: 2 } }),
      { mxid: mxid('nobody-at-all'), rows: [] },
    ])
    expect(zoe).toMatchObject({
      username: 'zoe',
      primaryEmail: 'zoe@TWO.example',
      attributes: { name: 'Zoë Z', from: mxid('zoe') },
    })
    expect(zoe?.rows.map(({ row, by }) => [row.relation === 'threepid' && row.address, row.reason, by?.line])).toEqual([
      ['zoe@TWO.example', undefined, undefined],
      ['zoe@one.example', 'email_not_primary', 6],
      ['zoe@three.example', 'email_not_primary', 6],
    ])
    expect(JSON.stringify(accounts)).not.toContain('$2b$')
  })

  test('tell the target, when it is checked, of everybody who migrates, named as they will be', async () => {
    const told: Person[] = []
    const request = requestBy(RULES)
    const openTarget = async () => ({
      ...memoryTarget(memoryPeople()),
      check: async ({ people }: TargetCheck) => {
        for await (const person of people?.() ?? []) told.push(person)
        return []
      },
    })
    const { relations } = await plan({ ...request, openTarget })
    expect(told).toHaveLength(relations.find(({ relation }) => relation === 'account')?.carried ?? 0)
    expect(told.map((person) => person.mxid)).not.toContain(mxid('helper'))
    expect(told.find((person) => person.mxid === mxid('Zoe'))?.username).toBe('zoe2')
    expect(told.find((person) => person.mxid === mxid('zoe'))).toEqual({
      mxid: mxid('zoe'),
      localpart: 'zoe',
      username: 'zoe',
      primaryEmail: 'zoe@TWO.example',
      attributes: { name: 'Zoë Z', from: mxid('zoe') },
      isDeactivated: false,
      threepids: [{ medium: 'email', address: 'zoe@TWO.example', addedAt: 2000 }],
    })
  })

  test('give every account that migrates a name of its own, and a second run changes nothing', async () => {
    const people = memoryPeople()
    const request = { ...requestBy(RULES, people), confirm: async () => true }
    const first = await migrate(request)
    const accounts = allRows(people).filter(({ relation }) => relation === 'account')
    const usernames = accounts.map(({ value }) => String(value['username']).toLowerCase())
    expect(new Set(usernames).size).toBe(accounts.length)
    expect(accounts.length).toBe(first?.relations.find(({ relation }) => relation === 'account')?.carried)
    expect(accounts.find((row) => row.mxid === mxid('Zoe'))?.value['username']).toBe('zoe2')
    const second = await migrate(request)
    expect(second?.outcomes?.filter(({ outcome }) => outcome !== 'held back')).toEqual([
      { outcome: 'unchanged', count: accounts.length },
    ])
  })

  test('leave a name to whoever has it when an older account claims it later', async () => {
    const runs = await mkdtemp(join(tmpdir(), 'syn2op-names-'))
    try {
      const people = memoryPeople()
      const rules = "usernames: { from: ['{email_localpart|lower}', '{localpart|lower}'] }"
      const request = { ...requestBy(rules, people), runs, confirm: async () => true }
      const names = () =>
        Object.fromEntries(
          allRows(people)
            .filter(({ relation, mxid: whose }) => relation === 'account' && /^@(?:late|early):/u.test(whose))
            .map(({ mxid: whose, value }) => [whose, value['username']]),
        )
      await postgres.execute(DATABASE, email('early', 'anna@late.example', 1000))
      await migrate(request)
      const before = names()
      expect(before).toEqual({ [mxid('late')]: 'late', [mxid('early')]: 'anna' })
      await postgres.execute(DATABASE, email('late', 'anna@else.example', 2000))
      await migrate(request)
      expect(names()).toEqual(before)
      expect((await testMapping(request, [mxid('late')])).accounts[0]?.username).toBe('late')
      expect(wrongTables(await verify(request))).toEqual([])
    } finally {
      await rm(runs, { recursive: true })
      await postgres.execute(DATABASE, "DELETE FROM user_threepids WHERE address LIKE 'anna@%'")
    }
  })

  test('by default too give no two accounts what the target takes for one name', async () => {
    const people = memoryPeople()
    const request = { ...requestBy('accounts: { bots: hold_back }', people), confirm: async () => true }
    const { relations, findings } = await plan(request)
    const held = relations.find(({ relation }) => relation === 'account')?.left
    expect(held?.find(({ reason }) => reason === 'username_collision')?.count).toBeGreaterThan(0)
    expect(findings.map(({ code }) => code)).not.toContain('USERNAME_TWINS')
    await migrate(request)
    const accounts = allRows(people).filter(({ relation }) => relation === 'account')
    const localparts = accounts.map(({ value }) => String(value['username'] ?? value['localpart']).toLowerCase())
    expect(new Set(localparts).size).toBe(accounts.length)
    expect(accounts.map((row) => row.mxid)).toContain(mxid('zoe'))
    expect(accounts.map((row) => row.mxid)).not.toContain(mxid('Zoe'))
  })

  test('hold back who gets no name, in every count alike', async () => {
    const held = requestBy("usernames: { from: '{email}' }")
    const { relations, outcomes } = await plan(held)
    const accounts = relations.find(({ relation }) => relation === 'account')
    const missing = accounts?.left.find(({ reason }) => reason === 'username_missing')?.count ?? 0
    expect(missing).toBeGreaterThan(0)
    expect(outcomes?.find(({ outcome }) => outcome === 'created')?.count).toBe(accounts?.carried)
    const [bare] = (await testMapping(held, [mxid('bare')])).accounts
    expect(bare).toMatchObject({ reason: 'username_missing', by: { rule: 'usernames.from', line: 1 } })
    const { remarks } = await checkMapping(held.mapping, held)
    expect(remarks).toContainEqual(expect.objectContaining({ rule: 'usernames.from', severity: 'warning' }))
  })

  test('hold back whose name the target refuses, in every count alike', async () => {
    const people = memoryPeople()
    const openTarget = async () => ({
      ...memoryTarget(people),
      takesUsername: (username: string) => !username.startsWith('bar'),
    })
    const request = { ...requestBy('', people), openTarget, confirm: async () => true }
    const refused = { relation: 'account', left: expect.arrayContaining([{ reason: 'username_refused', count: 1 }]) }
    expect((await plan(request)).relations).toContainEqual(expect.objectContaining(refused))
    expect((await migrate(request))?.relations).toContainEqual(expect.objectContaining(refused))
    expect(allRows(people).map((row) => row.mxid)).not.toContain(mxid('bare'))
    expect(wrongTables(await verify(request))).toEqual([])
    const [bare] = (await testMapping(request, [mxid('bare')])).accounts
    expect(bare).toMatchObject({ decision: 'hold back', reason: 'username_refused' })
    const { remarks } = await checkMapping(request.mapping, request)
    expect(remarks).toContainEqual(
      expect.objectContaining({ rule: 'usernames.from', message: expect.stringContaining('of such a username') }),
    )
  })

  test('leave all addresses but the one that is chosen outside of SQL too', async () => {
    const { homeserver, readers, mapping, signal, asOf } = requestBy(RULES)
    const request = { source, homeserver, readers, mapping, signal, ...(asOf === undefined ? {} : { asOf }) }
    await withSource(request, { providers: [] }, async ({ readers: [reader], relations, rules }) => {
      if (reader === undefined) throw new TypeError('no reader')
      const { emails: _, ...keepAll } = rules
      const carried = (by: typeof rules) =>
        run<{ mxid: string } & KnownEmail>(
          reader,
          sql`WITH ${decisions(relations, by)} SELECT mxid, address, added_ms AS "addedAt" FROM threepid
              WHERE reason IS NULL AND medium = 'email' ORDER BY mxid COLLATE "C", address COLLATE "C"`,
        )
      const owned = Map.groupBy(await carried(keepAll), (row) => row.mxid)
      const chosen = [...owned].map(([owner, own]) => [
        owner,
        primaryEmail(own, mapping.emails ?? { primary: 'none', preferDomains: [] }),
      ])
      const left = (await carried(rules)).map((row) => [row.mxid, row.address])
      expect(left).toEqual(chosen)
      // What verification works out for itself, sharing nothing with the statement.
      const mxids = [...owned.keys()]
      const tables = await readPlainAccounts(reader, mxids)
      const wanted = wantedRows({ mxids, tables, ghosts: [], rules }, 1)
      expect(wanted.filter(({ table }) => table === 'user_emails')).toHaveLength(left.length)
    })
  })

  test('that PostgreSQL does not understand are told with their lines, whatever names are settled by', async () => {
    const wrong = requestBy("usernames: { from: '{localpart|lower}' }\nghosts: ['^@_(']\n")
    const refused = { code: 'mapping.invalid', problems: [{ at: { line: 2 } }] }
    await expect(checkMapping(wrong.mapping, wrong)).rejects.toMatchObject(refused)
    await expect(testMapping(wrong, [mxid('zoe')])).rejects.toMatchObject(refused)
  })

  test('that match nobody, or people, are remarked with their lines', async () => {
    const rules = `ghosts: ['^@_gone_', '^@zoe:']
providers: { oidc-githup: leave }
cohorts:
  - { name: nobody, match: { localparts: [nobody-at-all] } }
accept: [VALUES_TOO_LONG, { code: GUESTS, until: 2020-01-01 }]
`
    const request = requestBy(rules)
    const { remarks, databases } = await checkMapping(request.mapping, request)
    expect(databases).toBe('asked')
    expect(remarks.map(({ rule, line, severity, message }) => [rule, line, severity, message])).toEqual(
      expect.arrayContaining([
        ['ghosts.0', 1, 'warning', '^@_gone_ matches no account'],
        ['ghosts.1', 1, 'warning', expect.stringContaining('1 has a password or an SSO identity')],
        ['providers.oidc-githup', 2, 'warning', 'nobody has an identity of oidc-githup; did you mean oidc-github?'],
        ['cohorts.0', 4, 'warning', 'nobody is in the cohort nobody'],
        ['accept.1', 5, 'warning', 'GUESTS was accepted until 2020-01-02 00:00:00 UTC, and is no longer'],
      ]),
    )
  })

  test('that MAS can follow are verified there field by field, by what shares nothing with the copy', async () => {
    const mas = await createMasDatabase(postgres, `${DATABASE}_mas`, demoProviders)
    const { mapping, homeserver } = requestBy(
      'accounts: { bots: hold_back }\nregistrations: exclusive\nemails: { primary: newest, others: leave }\n',
    )
    const asked = demoRequest({ synapse: source, mas })
    const { applicationServices } = homeserver
    const request = { ...asked, mapping, homeserver: { ...asked.homeserver, applicationServices } }
    const { relations } = await migrated(request)
    const reasons = relations.flatMap(({ left }) => left.map(({ reason }) => reason))
    expect(reasons).toEqual(expect.arrayContaining(['bot', 'ghost_namespace', 'email_not_primary']))
    const verified = await verify({ ...request, sample: { accounts: 100_000, seed: 'all' } })
    expect(wrongTables(verified)).toEqual([])
    expect(verified.fields?.accounts).toBeGreaterThan(0)
    expect(verified.fields?.differences).toEqual([])
    expect(() => requireFollowed(parseMapping(RULES, 'rules.yaml'), { name: 'MAS' })).toThrow(
      expect.objectContaining({ code: 'mapping.invalid' }),
    )
  })
})
