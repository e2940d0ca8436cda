import fc from 'fast-check'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import { accountPrints } from '../../../src/migration/account-prints.ts'
import { run } from '../../../src/postgres/statement.ts'
import { scopeRelations } from '../../../src/synapse/scope.ts'
import type { AccountPrints } from '../../../src/targets/sql-road.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { type SourceNow, sharedRules, withSource } from '../../support/migration/source-now.ts'
import { testPostgres } from '../../support/postgres.ts'

const SYNAPSE = 'cohort_prints_synapse'

interface Printed {
  readonly mxid: string
  readonly print: string
  readonly rows: number
  readonly held: string | null
  readonly due: boolean
}

/** What the queries of the prints say together of the accounts named. */
const printed = async (reader: Client, prints: AccountPrints, mxids: readonly string[]): Promise<readonly Printed[]> =>
  run<Printed>(
    reader,
    sql`
      WITH parts AS (
        ${sql.join(
          [0, 1].map((number) => sql`SELECT owner, print, rows FROM (${prints.prints({ number, of: 2 })}) x`),
          sql` UNION ALL `,
        )}
      )
      SELECT
        n.mxid,
        bit_xor(p.print)::text AS print,
        sum(p.rows)::integer AS rows,
        (SELECT max(h.held) FROM (${prints.held}) h WHERE h.owner = hashtextextended(n.mxid, 3)) AS held,
        EXISTS (
          SELECT FROM (${prints.expiring(prints.asOf, prints.asOf + 30 * 86_400_000)}) e
          WHERE e.owner = hashtextextended(n.mxid, 3)
        ) AS due
      FROM unnest(${[...mxids]}::text[]) n (mxid)
      JOIN parts p ON p.owner = hashtextextended(n.mxid, 3)
      GROUP BY n.mxid
      ORDER BY n.mxid COLLATE "C"
    `,
  )

const owners = async (reader: Client, query: AccountPrints['always']): Promise<ReadonlySet<string>> =>
  new Set(
    (await run<{ owner: string }>(reader, sql`SELECT owner::text AS owner FROM (${query}) x`)).map((x) => x.owner),
  )

const ownersOf = async (reader: Client, mxids: readonly string[]): Promise<readonly string[]> =>
  (
    await run<{ owner: string }>(
      reader,
      sql`SELECT hashtextextended(mxid, 3)::text AS owner FROM unnest(${[...mxids]}::text[]) mxid`,
    )
  ).map(({ owner }) => owner)

beforeAll(async () => {
  await createDemoHomeserver(testPostgres(), SYNAPSE, { accounts: 200 })
})

test('the prints of some accounts alone are those that they have among all', async () => {
  await withSource(
    testPostgres().settings(SYNAPSE),
    async ({ reader, readers, relations, rules, prints }: SourceNow) => {
      const everybody = (
        await run<{ name: string }>(reader, sql`SELECT name FROM users WHERE name IS NOT NULL ORDER BY name`)
      ).map(({ name }) => name)
      await fc.assert(
        fc.asyncProperty(fc.subarray(everybody, { minLength: 1 }), async (some) => {
          const among = await printed(reader, prints, some)
          const scoped = await scopeRelations({ relations, rules, readers, accounts: some })
          const alone = accountPrints({ relations: scoped, decisions: decisions(scoped, rules), rules, readers })
          expect(await printed(reader, alone, some)).toEqual(among)
          // Nobody else is told of as an account.
          expect(
            await run(reader, sql`SELECT count(*) AS count FROM (${alone.prints({ number: 0, of: 1 })}) x`),
          ).toEqual([{ count: some.length }])
        }),
        { numRuns: 12, examples: [[everybody]] },
      )
    },
    sharedRules,
  )
})

test('who depends on others is told for whoever is looked at alone', async () => {
  await withSource(
    testPostgres().settings(SYNAPSE),
    async ({ reader, readers, relations, rules, prints }: SourceNow) => {
      const always = await owners(reader, prints.always)
      expect(always.size).toBeGreaterThan(0)
      const names = (
        await run<{ name: string }>(reader, sql`SELECT name FROM users WHERE name IS NOT NULL ORDER BY name`)
      ).map(({ name }) => name)
      for (const name of names) {
        const scoped = await scopeRelations({ relations, rules, readers, accounts: [name] })
        const alone = accountPrints({ relations: scoped, decisions: decisions(scoped, rules), rules, readers })
        const [owner = ''] = await ownersOf(reader, [name])
        // A token that another account's leads to decides nothing about its own account, and cannot be found from it.
        if ((await owners(reader, alone.always)).has(owner)) expect(always).toContain(owner)
        else if (always.has(owner)) expect(await isLedToOnly(reader, name)).toBe(true)
      }
    },
    sharedRules,
  )
})

const isLedToOnly = async (reader: Client, mxid: string): Promise<boolean> => {
  const [row] = await run<{ led: boolean }>(
    reader,
    sql`
      SELECT EXISTS (
        SELECT FROM refresh_tokens n JOIN refresh_tokens r ON r.next_token_id = n.id
        WHERE n.user_id = ${mxid} AND r.user_id <> n.user_id
      ) AS led
    `,
  )
  return row?.led === true
}
