import { sql } from 'kysely'
import type pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DecisionRules } from '../../../../../src/accounts/decisions/rules.ts'
import { namesOfOwners } from '../../../../../src/migration/candidates.ts'
import { run } from '../../../../../src/postgres/statement.ts'
import { changedOwners, recordedDecisions } from '../../../../../src/targets/mas/road/changed-owners.ts'
import { loadWhole } from '../../../../../src/targets/mas/road/load-whole.ts'
import { silentProgress } from '../../../../../src/targets/progress.ts'
import type { RecordedDecisions } from '../../../../../src/targets/sql-road.ts'
import { createDemoHomeserver } from '../../../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../../../support/migration/mas-database.ts'
import { openMasDatabase } from '../../../../support/migration/mas-for-records.ts'
import { demoProviders } from '../../../../support/migration/requests.ts'
import { demoRules, sharedRules, withSource } from '../../../../support/migration/source-now.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const SYNAPSE = 'changed_synapse'
const MAS = 'changed_mas'
const signal = new AbortController().signal

/** Copies of what was migrated, for each test its own. */
const TEMPLATES = { [SYNAPSE]: 'changed_synapse_template', [MAS]: 'changed_mas_template' } as const

const ANN = '@ann.trap:demo.example'
const BEN = '@ben.trap:demo.example'
const EVE = '@eve.trap:demo.example'

const people = `
  INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
  SELECT name, '$2b$12$hash', 1600000000, 0, 0, 0 FROM unnest(array['${ANN}', '${BEN}', '${EVE}']) AS name;
  INSERT INTO devices (user_id, device_id, display_name, last_seen, hidden)
  VALUES ('${ANN}', 'ONE', 'her phone', 1700000000000, false), ('${ANN}', 'BARE', 'no token', NULL, false),
         ('${BEN}', 'TWO', 'his phone', 1700000000000, false);
  INSERT INTO refresh_tokens (id, user_id, device_id, token, expiry_ts)
  VALUES (900001, '${ANN}', 'ONE', 'syr_ann', ${demoRules.asOf + 1000}), (900002, '${BEN}', 'TWO', 'syr_ben', NULL);
  INSERT INTO access_tokens (id, user_id, device_id, token, last_validated, refresh_token_id)
  VALUES (900001, '${ANN}', 'ONE', 'syt_ann', 1690000000000, 900001), (900002, '${BEN}', 'TWO', 'syt_ben', 1690000000000, 900002);
  INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
  VALUES ('${ANN}', 'email', 'ann.trap@mail.example', 1, 1650000000000);
  INSERT INTO user_external_ids (auth_provider, external_id, user_id)
  VALUES ('oidc-keycloak', 'ann-subject', '${ANN}'), ('oidc-github', 'ben-subject', '${BEN}');
  INSERT INTO e2e_device_keys_json (user_id, device_id, ts_added_ms, key_json) VALUES ('${ANN}', 'BARE', 1680000000000, '{}')
`

const migrateAll = async (synapse: string, mas: string, rules: DecisionRules): Promise<void> => {
  const database = await openMasDatabase(testPostgres().settings(mas))
  await withSource(
    testPostgres().settings(synapse),
    ({ decisions, readers, prints }) =>
      loadWhole(database, {
        decisions,
        readers,
        prints,
        ends: 'in place',
        runId: 'first',
        asOf: rules.asOf,
        serverName: rules.serverName,
        mappingSha256: '0'.repeat(64),
        expectedRows: 0,
        progress: silentProgress,
        signal,
      }),
    rules,
  ).finally(database.close)
}

interface Found {
  /** Names, in order. */
  readonly owners: readonly string[]
  readonly gone: readonly string[]
  readonly unchanged: number
  readonly decisions: readonly RecordedDecisions[]
}

const find = async (rules: DecisionRules = demoRules, options: { readonly passwordVersion?: number } = {}) => {
  const database = await openMasDatabase(testPostgres().settings(MAS), options)
  try {
    return await withSource(
      testPostgres().settings(SYNAPSE),
      async ({ reader, relations, prints }): Promise<Found> => {
        const found = await changedOwners(database, prints, { signal })
        const owners: string[] = []
        for await (const page of namesOfOwners({ reader, relations, rules, owners: found.owners, size: 7 })) {
          owners.push(...page.map(({ mxid }) => mxid))
        }
        expect(owners).toHaveLength(found.owners.length)
        return { ...found, owners, decisions: await recordedDecisions(database) }
      },
      rules,
    )
  } finally {
    await database.close()
  }
}

let source: pg.Client

const copyOf = async (name: keyof typeof TEMPLATES): Promise<void> => {
  await testPostgres().createDatabase(name, { template: TEMPLATES[name] })
}

/** As the source is now, into an empty MAS. */
const migrateAnew = async (rules: DecisionRules): Promise<void> => {
  await createMasDatabase(testPostgres(), MAS, demoProviders)
  await migrateAll(SYNAPSE, MAS, rules)
}

/** What is found beyond the accounts that are decided anew by every run. */
const foundAfter = async (...statements: readonly string[]): Promise<readonly string[]> => {
  const usual = new Set((await find()).owners)
  for (const statement of statements) await source.query(statement)
  return (await find()).owners.filter((mxid) => !usual.has(mxid))
}

beforeAll(async () => {
  const postgres = testPostgres()
  await createDemoHomeserver(postgres, TEMPLATES[SYNAPSE], { accounts: 60 })
  await postgres.execute(TEMPLATES[SYNAPSE], people)
  await createMasDatabase(postgres, TEMPLATES[MAS], demoProviders)
  await migrateAll(TEMPLATES[SYNAPSE], TEMPLATES[MAS], demoRules)
})

beforeEach(async () => {
  await copyOf(SYNAPSE)
  await copyOf(MAS)
  source = await testPostgres().superuser(SYNAPSE)
})
afterEach(() => source.end())

describe('Nothing has changed', () => {
  test('then only accounts that depend on more than their own rows are looked at again', async () => {
    const { owners, gone, unchanged, decisions } = await find()
    const [total] = (await source.query('SELECT count(name)::integer AS count FROM users')).rows
    expect(owners).not.toContain(ANN)
    expect(owners.length).toBeLessThan(total.count / 4)
    expect(gone).toEqual([])
    expect(unchanged).toBe(total.count - owners.length)
    expect(decisions.reduce((sum, { count }) => sum + count, 0)).toBe(unchanged)
    expect(decisions.map(({ reason }) => reason)).toEqual(expect.arrayContaining([null, 'appservice_user']))
  })

  test('whatever wrote the rows last: a restored dump has them elsewhere, by other transactions', async () => {
    const tables = ['users', 'user_threepids', 'user_external_ids', 'devices', 'access_tokens', 'refresh_tokens']
    await source.query("SET session_replication_role = 'replica'")
    const restored = tables.map(
      (table) => `
        CREATE TEMPORARY TABLE dump AS SELECT * FROM ${table} ORDER BY random();
        DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM dump; DROP TABLE dump`,
    )
    // By name: without one it would lock what all databases share, and keep other tests from connecting.
    expect(await foundAfter(...restored, `VACUUM FULL ${tables.join(', ')}`)).toEqual([])
  })
})

describe('An account is decided anew', () => {
  test('whose change was in a transaction that was open when the earlier run looked', async () => {
    const writer = await testPostgres().superuser(SYNAPSE)
    await writer.query(`BEGIN; UPDATE users SET admin = 1 WHERE name = '${ANN}'`)
    await migrateAnew(demoRules)
    expect((await find()).owners).not.toContain(ANN)
    await writer.query('COMMIT')
    await writer.end()
    expect((await find()).owners).toContain(ANN)
  })

  test.each([
    ['made an administrator', `UPDATE users SET admin = 1 WHERE name = '${ANN}'`],
    ['deactivated', `UPDATE users SET deactivated = 1 WHERE name = '${ANN}'`],
    ['locked', `UPDATE users SET locked = true WHERE name = '${ANN}'`],
    ['given another password', `UPDATE users SET password_hash = '$2b$12$other' WHERE name = '${ANN}'`],
    ['of which a token was deleted that dated its session', "DELETE FROM access_tokens WHERE token = 'syt_ann'"],
    ['of which a device was deleted', `DELETE FROM devices WHERE user_id = '${ANN}' AND device_id = 'BARE'`],
    ['of which an e-mail was deleted', `DELETE FROM user_threepids WHERE user_id = '${ANN}'`],
    [
      'of which an e-mail was added again',
      `UPDATE user_threepids SET added_at = added_at + 1 WHERE user_id = '${ANN}'`,
    ],
    ['of which an SSO identity was deleted', `DELETE FROM user_external_ids WHERE user_id = '${ANN}'`],
    [
      'that was seen again',
      `UPDATE devices SET last_seen = last_seen + 1 WHERE user_id = '${ANN}' AND device_id = 'ONE'`,
    ],
    ['that gave its password again', "UPDATE access_tokens SET last_validated = 1 WHERE token = 'syt_ann'"],
    [
      'of whose device without a token the keys came at another time',
      'UPDATE e2e_device_keys_json SET ts_added_ms = 5',
    ],
  ])('%s', async (_, change) => {
    expect(await foundAfter(change)).toContain(ANN)
  })

  test('that is new, and only that one', async () => {
    expect(await foundAfter("INSERT INTO users (name, creation_ts) VALUES ('@late:demo.example', 1)")).toEqual([
      '@late:demo.example',
    ])
  })

  test('both of them, when an e-mail moves from one to the other', async () => {
    expect(await foundAfter(`UPDATE user_threepids SET user_id = '${BEN}' WHERE user_id = '${ANN}'`)).toEqual([
      ANN,
      BEN,
    ])
  })

  test('when a token of it expires between the as-of times, whichever is the later', async () => {
    expect((await find()).owners).not.toContain(ANN)
    expect((await find({ ...demoRules, asOf: demoRules.asOf + 999 })).owners).not.toContain(ANN)
    expect((await find({ ...demoRules, asOf: demoRules.asOf + 1000 })).owners).toContain(ANN)
    const mas = await testPostgres().superuser(MAS)
    await mas.query(`UPDATE syn2op.run SET as_of_ms = ${demoRules.asOf + 1000}`)
    await mas.end()
    expect((await find()).owners).toContain(ANN)
  })

  test('and so is whom its tokens lead to, while they do and once more afterwards', async () => {
    expect(await foundAfter(`UPDATE refresh_tokens SET next_token_id = 900002 WHERE id = 900001`)).toEqual([ANN, BEN])
    await migrateAnew(demoRules)
    expect((await find()).owners).toEqual(expect.arrayContaining([ANN, BEN]))
    await source.query(`DELETE FROM refresh_tokens WHERE id = 900002`)
    expect((await find()).owners).toEqual(expect.arrayContaining([ANN, BEN]))
  })

  test('when the twin of its SSO subject appears, and when that vanishes', async () => {
    await migrateAnew(sharedRules)
    expect((await find(sharedRules)).owners).not.toContain(ANN)
    await source.query(`INSERT INTO user_external_ids VALUES ('oidc-github', 'ann-subject', '${EVE}')`)
    expect((await find(sharedRules)).owners).toEqual(expect.arrayContaining([ANN, EVE]))

    await migrateAnew(sharedRules)
    await source.query(`DELETE FROM user_external_ids WHERE user_id = '${EVE}'`)
    expect((await find(sharedRules)).owners).toEqual(expect.arrayContaining([ANN, EVE]))
  })
})

describe('Everybody is decided anew', () => {
  const everybody = async (): Promise<number> =>
    (await source.query('SELECT count(name)::integer AS count FROM users')).rows[0].count

  test('under other rules', async () => {
    const found = await find(sharedRules)
    expect(found.owners).toHaveLength(await everybody())
    expect(found.unchanged).toBe(0)
    expect(found.decisions).toEqual([])
  })

  test('when passwords go under another version', async () => {
    expect((await find(demoRules, { passwordVersion: 2 })).owners).toHaveLength(await everybody())
  })

  test('where nothing is on record', async () => {
    await testPostgres().execute(MAS, 'DROP SCHEMA syn2op CASCADE')
    expect((await find()).owners).toHaveLength(await everybody())
  })
})

describe('An account that the source no longer has', () => {
  const removeFrom = (table: string, column: string, mxid: string): string =>
    `DELETE FROM ${table} WHERE ${column} = '${mxid}'`

  test('is told by its name', async () => {
    await source.query("SET session_replication_role = 'replica'")
    await source.query(removeFrom('users', 'name', EVE))
    const found = await find()
    expect(found.gone).toEqual([EVE])
    expect(found.owners).not.toContain(EVE)
  })

  test('though rows under its name are left, which are nobody', async () => {
    await source.query("SET session_replication_role = 'replica'")
    await source.query(removeFrom('users', 'name', ANN))
    const found = await find()
    expect(found.gone).toEqual([ANN])
    expect(found.owners).not.toContain(ANN)
  })

  test('and was held back is taken off the record', async () => {
    const [held] = (await source.query('SELECT name FROM users WHERE appservice_id IS NOT NULL LIMIT 1')).rows
    await source.query("SET session_replication_role = 'replica'")
    await source.query(removeFrom('users', 'name', held.name))
    expect((await find()).gone).toEqual([])
    const left = await testPostgres().execute(
      MAS,
      `SELECT FROM syn2op.account WHERE owner = hashtextextended('${held.name}', 3)`,
    )
    expect(left).toEqual([])
  })
})

describe('The names of owners', () => {
  test('come with their decisions, page by page, in order, while the reader is asked other things', async () => {
    await withSource(testPostgres().settings(SYNAPSE), async ({ reader, relations, rules, decisions }) => {
      const wanted = await run<{ mxid: string; reason: string | null }>(
        reader,
        sql`WITH ${decisions} SELECT mxid, reason FROM account WHERE mxid IS NOT NULL ORDER BY mxid COLLATE "C"`,
      )
      const pages: (readonly object[])[] = []
      for await (const page of namesOfOwners({ reader, relations, rules, owners: 'all', size: 10 })) {
        await run(reader, sql`SELECT 1`)
        pages.push(page)
      }
      expect(Math.max(...pages.map(({ length }) => length))).toBe(10)
      expect(pages.flat()).toEqual(
        wanted.map(({ mxid, reason }) =>
          reason === null ? { mxid, decision: 'migrate' } : { mxid, decision: 'hold back', reason },
        ),
      )
    })
  })
})
