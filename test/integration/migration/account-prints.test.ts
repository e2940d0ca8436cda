import fc from 'fast-check'
import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import { rowDigest } from '../../../src/difference/bucket-hash.ts'
import { ownerHash } from '../../../src/difference/owner.ts'
import { run } from '../../../src/postgres/statement.ts'
import { FIXED_COLUMNS } from '../../../src/synapse/relations.ts'
import { masTables } from '../../../src/targets/mas/rows/tables.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { demoRules, type SourceNow, sharedRules, sourceOf } from '../../support/migration/source-now.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'prints_synapse'
let client: pg.Client

beforeAll(async () => {
  await createDemoHomeserver(testPostgres(), DATABASE, { accounts: 60 })
  client = await testPostgres().superuser(DATABASE)
})
afterAll(() => client.end())

/** What a run knows of each account, by its owner. */
interface Seen {
  readonly prints: ReadonlyMap<string, string>
  readonly always: ReadonlySet<string>
  /** The decision and every row that would be written. */
  readonly outcomes: ReadonlyMap<string, string>
}

const byOwner = async ({ reader }: SourceNow, rows: RawBuilder<unknown>): Promise<ReadonlyMap<string, string>> => {
  const found = await run<{ owner: string; text: string }>(
    reader,
    sql`SELECT owner::text AS owner, string_agg(value, ' ' ORDER BY value) AS text FROM (${rows}) x GROUP BY owner`,
  )
  return new Map(found.map(({ owner, text }) => [owner, text]))
}

const look = async (rules: DecisionRules): Promise<Seen> => {
  const source = await sourceOf([client], rules)
  const { prints, decisions } = source
  const shapes = masTables({
    serverName: rules.serverName,
    decisions,
    seeds: { method: 'fast', key: new Uint8Array(32) },
    passwordVersion: 1,
  })
  const printed = sql.join(
    [0, 1, 2].map((number) => sql`SELECT owner, print, rows FROM (${prints.prints({ number, of: 3 })}) q`),
    sql` UNION ALL `,
  )
  const always = await run<{ owner: string }>(client, sql`SELECT owner::text AS owner FROM (${prints.always}) x`)
  const rows = shapes.map(
    ({ wanted, natural, table }) =>
      sql`SELECT ${ownerHash(sql`mxid`)} AS owner, ${sql.lit(table)} || (${rowDigest(natural)})::text AS value FROM (${wanted}) w`,
  )
  const decided = sql`
    SELECT owner, 'known' AS value FROM (${prints.prints({ number: 0, of: 1 })}) a
    UNION ALL SELECT owner, held FROM (${prints.held}) h`
  return {
    prints: await byOwner(
      source,
      sql`SELECT owner, bit_xor(print)::text || ' ' || sum(rows) AS value FROM (${printed}) p GROUP BY owner`,
    ),
    always: new Set(always.map(({ owner }) => owner)),
    outcomes: await byOwner(source, sql.join([decided, ...rows], sql` UNION ALL `)),
  }
}

const differing = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((owner) => a.get(owner) !== b.get(owner))

/** Accounts whose rows would be others now, and that nothing would have made a candidate. */
const missed = (before: Seen, after: Seen): readonly string[] => {
  const changed = new Set(differing(before.prints, after.prints))
  return differing(before.outcomes, after.outcomes).filter(
    (owner) => !changed.has(owner) && !before.always.has(owner) && !after.always.has(owner),
  )
}

type Table = keyof typeof FIXED_COLUMNS

interface Change {
  readonly table: Table
  readonly column: string
  readonly how: 'another value' | 'null' | "another row's value" | 'row deleted'
  /** Which rows: those whose hash has this remainder. */
  readonly rows: number
}

const PARTS = 7

/** @returns how many rows were changed; 0 where the table does not allow it. */
const apply = async ({ table, column, how, rows }: Change): Promise<number> => {
  const type = FIXED_COLUMNS[table][column as never] as { readonly type: string }
  const [real] = (
    await client.query(
      `SELECT data_type FROM information_schema.columns
       WHERE table_name = $1 AND column_name = $2 AND table_schema = current_schema()`,
      [table, column],
    )
  ).rows
  const other =
    real?.data_type === 'boolean'
      ? `NOT coalesce(${column}, false)`
      : real?.data_type === 'smallint'
        ? `(1 - coalesce(${column}, 0))::smallint`
        : type.type === 'bigint'
          ? `coalesce(${column}, 0) + 1000003`
          : `coalesce(${column}, '') || 'x'`
  const another = `(SELECT o.${column} FROM ${table} o WHERE o.ctid > t.ctid ORDER BY o.ctid LIMIT 1)`
  const value = { 'another value': other, null: 'NULL', "another row's value": another, 'row deleted': '' }[how]
  const which = `abs(hashtext(t.ctid::text)) % ${PARTS} = ${rows}`
  await client.query('SAVEPOINT one_change')
  try {
    const { rowCount } = await client.query(
      how === 'row deleted'
        ? `DELETE FROM ${table} t WHERE ${which}`
        : `UPDATE ${table} t SET ${column} = ${value} WHERE ${which}`,
    )
    return rowCount ?? 0
  } catch {
    await client.query('ROLLBACK TO SAVEPOINT one_change')
    return 0
  }
}

const undoing = async (work: () => Promise<void>): Promise<void> => {
  await client.query("BEGIN; SET LOCAL session_replication_role = 'replica'")
  try {
    await work()
  } finally {
    await client.query('ROLLBACK')
  }
}

const COLUMNS = Object.entries(FIXED_COLUMNS).flatMap(([table, columns]) =>
  Object.keys(columns).map((column) => ({ table: table as Table, column })),
)

/** Columns that change nothing of what is written, however they change. */
const WITHOUT_EFFECT = new Set([
  'users.shadow_banned',
  'users.approved',
  'users.suspended',
  'account_validity.user_id',
  'account_validity.expiration_ts_ms',
  'background_updates.update_name',
])

describe.each<[string, DecisionRules]>([
  ['everybody', demoRules],
  ['those who can log in, two names leading to one provider', sharedRules],
])('Migrating %s', (_, rules) => {
  test.each(COLUMNS)('a change of $column in $table is noticed, or does not matter', async ({ table, column }) => {
    const before = await look(rules)
    await undoing(async () => {
      let noticed = 0
      for (const how of ['another value', 'null', "another row's value"] as const) {
        await client.query('SAVEPOINT before_change')
        const rows = await apply({ table, column, how, rows: 3 })
        const after = await look(rules)
        expect(missed(before, after)).toEqual([])
        if (rows > 0) noticed += differing(before.prints, after.prints).length
        if (WITHOUT_EFFECT.has(`${table}.${column}`)) {
          expect(differing(before.prints, after.prints)).toEqual([])
          expect(differing(before.outcomes, after.outcomes)).toEqual([])
        }
        await client.query('ROLLBACK TO SAVEPOINT before_change')
      }
      if (!WITHOUT_EFFECT.has(`${table}.${column}`)) expect(noticed).toBeGreaterThan(0)
    })
  })

  test('no series of changes escapes', { timeout: 600_000 }, async () => {
    const change = fc.record({
      where: fc.constantFrom(...COLUMNS),
      how: fc.constantFrom<Change['how']>('another value', 'null', "another row's value", 'row deleted'),
      rows: fc.nat(PARTS - 1),
    })
    let outcomes = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 3 }),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (earlier, changes) => {
          await undoing(async () => {
            for (const { where, ...one } of earlier) await apply({ ...where, ...one })
            const before = await look(rules)
            for (const { where, ...one } of changes) await apply({ ...where, ...one })
            const after = await look(rules)
            expect(missed(before, after)).toEqual([])
            outcomes += differing(before.outcomes, after.outcomes).length
          })
        },
      ),
      { numRuns: 40 },
    )
    expect(outcomes).toBeGreaterThan(100)
  })
})

describe('Prints', () => {
  test('are the same for the same rows, wherever and whenever they were written', async () => {
    const before = await look(demoRules)
    await undoing(async () => {
      for (const table of Object.keys(FIXED_COLUMNS)) {
        await client.query(`CREATE TEMPORARY TABLE moved ON COMMIT DROP AS SELECT * FROM ${table} ORDER BY random()`)
        await client.query(`DELETE FROM ${table}`)
        await client.query(`INSERT INTO ${table} SELECT * FROM moved; DROP TABLE moved`)
      }
      const after = await look(demoRules)
      expect(differing(before.prints, after.prints)).toEqual([])
      expect(before.prints.size).toBeGreaterThan(60)
    })
  })

  test('of everybody are others under other rules', async () => {
    const before = await look(demoRules)
    const after = await look(sharedRules)
    expect(differing(before.prints, after.prints)).toHaveLength(before.prints.size)
  })

  test('do not depend on the as-of time', async () => {
    const before = await look(demoRules)
    const after = await look({ ...demoRules, asOf: demoRules.asOf + 86_400_000 })
    expect(differing(before.prints, after.prints)).toEqual([])
  })
})
