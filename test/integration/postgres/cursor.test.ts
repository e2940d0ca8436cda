import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachPage, eachRow } from '../../../src/postgres/cursor.ts'
import { testPostgres } from '../../support/postgres.ts'

let client: Awaited<ReturnType<ReturnType<typeof testPostgres>['superuser']>>
beforeAll(async () => {
  client = await testPostgres().superuser('postgres')
})
afterAll(() => client?.end())

const collect = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

test.each([
  [0, []],
  [4, [2, 2]],
  [5, [2, 2, 1]],
])('%i rows come in pages of two, none of them empty', async (count, sizes) => {
  await client.query('BEGIN')
  const query = sql<{ n: number }>`SELECT n FROM generate_series(1, ${sql.lit(count)}) n`
  const pages = await collect(eachPage({ client, name: 'pages', query, size: 2 }))
  await client.query('COMMIT')
  expect(pages.map((page) => page.length)).toEqual(sizes)
  expect(pages.flat().map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
})

test('a statement that fails is what is told, not that its cursor is gone with the transaction', async () => {
  await client.query('BEGIN')
  await expect(
    collect(eachRow(client, 'failing', sql`SELECT 1 / (5 - n) FROM generate_series(1, 9) n`)),
  ).rejects.toThrow('division by zero')
  await client.query('ROLLBACK')
})
