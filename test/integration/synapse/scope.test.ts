import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { run } from '../../../src/postgres/statement.ts'
import { scopeRelations } from '../../../src/synapse/scope.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { demoRules, type SourceNow, sharedRules, withSource } from '../../support/migration/source-now.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'scope_synapse'
const DECIDED = [
  'account',
  'password',
  'threepid',
  'external_id',
  'session',
  'access_token',
  'deviceless_token',
  'refresh_token',
] as const

let settings: PostgresSettings

beforeAll(async () => {
  const postgres = testPostgres()
  settings = await createDemoHomeserver(postgres, DATABASE, { accounts: 150 })
  await postgres.execute(
    DATABASE,
    // The same subject under two names of one provider, one of the two accounts without any other login.
    `INSERT INTO user_external_ids (auth_provider, external_id, user_id)
     SELECT 'oidc-github', external_id, (SELECT min(name) FROM users WHERE name > e.user_id)
     FROM user_external_ids e
     WHERE auth_provider = 'oidc-keycloak' AND EXISTS (SELECT FROM users WHERE name > e.user_id)
     ON CONFLICT DO NOTHING`,
    // Tokens of one account that lead to another's.
    `UPDATE access_tokens t SET refresh_token_id = (SELECT max(id) FROM refresh_tokens r WHERE r.user_id <> t.user_id)
     WHERE id IN (SELECT id FROM access_tokens WHERE refresh_token_id IS NULL ORDER BY md5(id::text) LIMIT 5)`,
    `UPDATE refresh_tokens r SET next_token_id = (SELECT min(id) FROM refresh_tokens n WHERE n.user_id <> r.user_id)
     WHERE id IN (SELECT id FROM refresh_tokens WHERE next_token_id IS NULL ORDER BY md5(id::text) LIMIT 3)`,
    `UPDATE users SET creation_ts = NULL WHERE name IN (SELECT name FROM users ORDER BY md5(name) LIMIT 5)`,
  )
})

type Rows = Readonly<Record<(typeof DECIDED)[number], string[]>>

const noRows = (): Rows => ({
  account: [],
  password: [],
  threepid: [],
  external_id: [],
  session: [],
  access_token: [],
  deviceless_token: [],
  refresh_token: [],
})

/** Every decided row of some accounts, as text. */
const decidedRows = async (
  { reader }: SourceNow,
  named: ReturnType<typeof decisions>,
): Promise<ReadonlyMap<string, Rows>> => {
  const byAccount = new Map<string, Rows>()
  for (const relation of DECIDED) {
    const rows = await run<{ mxid: string; row: string }>(
      reader,
      sql`WITH ${named} SELECT mxid, to_jsonb(x)::text AS row FROM ${sql.id(relation)} x WHERE mxid IS NOT NULL ORDER BY 1, 2`,
    )
    for (const { mxid, row } of rows) {
      const known = byAccount.get(mxid) ?? noRows()
      known[relation].push(row)
      byAccount.set(mxid, known)
    }
  }
  return byAccount
}

const accountNames = async ({ reader }: SourceNow): Promise<readonly string[]> => {
  const rows = await run<{ name: string }>(reader, sql`SELECT name FROM users WHERE name IS NOT NULL ORDER BY name`)
  return rows.map(({ name }) => name)
}

describe.each<[string, DecisionRules]>([
  ['each provider under its own name', demoRules],
  ['two names of one provider', sharedRules],
])('A decision about some accounts, with %s', (_, rules) => {
  test('is the same as in the decision about everybody, and about nobody else', async () => {
    await withSource(
      settings,
      async (source) => {
        const everybody = await decidedRows(source, source.decisions)
        const names = await accountNames(source)
        const interesting = [...everybody].flatMap(([mxid, { access_token, refresh_token, external_id }]) =>
          [...access_token, ...refresh_token, ...external_id].some((row) => /mismatch|superseded|duplicate/u.test(row))
            ? [mxid]
            : [],
        )
        expect(interesting.length).toBeGreaterThan(5)
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(fc.oneof(fc.constantFrom(...names), fc.constantFrom(...interesting)), { maxLength: 40 }),
            async (accounts) => {
              const { relations, readers } = source
              const scoped = await scopeRelations({ relations, rules, readers, accounts })
              const some = await decidedRows(source, decisions(scoped, rules))
              const wanted = new Map(accounts.flatMap((mxid) => [[mxid, everybody.get(mxid)] as const]))
              expect(new Map([...some].toSorted())).toEqual(new Map([...wanted].toSorted()))
            },
          ),
          { numRuns: 25 },
        )
      },
      rules,
    )
  })
})

describe('A scope', () => {
  const count = async ({ reader }: SourceNow, scoped: Awaited<ReturnType<typeof scopeRelations>>): Promise<number> => {
    const [row] = await run<{ count: number }>(reader, sql`SELECT count(*) AS count FROM ${scoped.users} u`)
    return row?.count ?? 0
  }

  test('holds after a rollback to a savepoint that was set within it', async () => {
    await withSource(settings, async (source) => {
      const accounts = (await accountNames(source)).slice(0, 3)
      const scoped = await scopeRelations({ ...source, accounts })
      await run(source.reader, sql`SAVEPOINT before_copy`)
      await run(source.reader, sql`SELECT 1 / 0`).catch(() => {})
      await run(source.reader, sql`ROLLBACK TO SAVEPOINT before_copy`)
      expect(await count(source, scoped)).toBe(3)
    })
  })

  test('that a rollback has taken back fails instead of meaning other accounts', async () => {
    await withSource(settings, async (source) => {
      const names = await accountNames(source)
      await scopeRelations({ ...source, accounts: names.slice(0, 2) })
      await run(source.reader, sql`SAVEPOINT before_scope`)
      const scoped = await scopeRelations({ ...source, accounts: names.slice(2, 7) })
      expect(await count(source, scoped)).toBe(5)
      await run(source.reader, sql`ROLLBACK TO SAVEPOINT before_scope`)
      await expect(count(source, scoped)).rejects.toThrow(/does not contain key/u)
    })
  })

  test('of an earlier batch fails once there is a later one', async () => {
    await withSource(settings, async (source) => {
      const names = await accountNames(source)
      const earlier = await scopeRelations({ ...source, accounts: names.slice(0, 2) })
      await scopeRelations({ ...source, accounts: names.slice(2, 4) })
      await expect(count(source, earlier)).rejects.toThrow(/does not contain key/u)
    })
  })

  test('reaches every reader of the snapshot, and COPY', async () => {
    await withSource(settings, async (source) => {
      const accounts = ['@alice:demo.example', `@"quoted'\\name:demo.example`]
      const scoped = await scopeRelations({ ...source, accounts })
      for (const reader of source.readers) expect(await count({ ...source, reader }, scoped)).toBe(1)
    })
  })

  test('of nobody has no rows', async () => {
    await withSource(settings, async (source) => {
      expect(await count(source, await scopeRelations({ ...source, accounts: [] }))).toBe(0)
    })
  })
})
