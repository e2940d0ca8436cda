import fc from 'fast-check'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clampMs, clampSeconds, LATEST_MS } from '../../../src/accounts/decisions/time.ts'
import { run } from '../../../src/postgres/statement.ts'
import { testPostgres } from '../../support/postgres.ts'

const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n
const LATEST = BigInt(LATEST_MS)

const bigints = fc.option(
  fc.oneof(
    fc.bigInt({ min: LEAST, max: MOST }),
    fc.bigInt({ min: -10n, max: 10n }),
    fc.bigInt({ min: LATEST - 2000n, max: LATEST + 2000n }),
    fc.bigInt({ min: LATEST / 1000n - 2n, max: LATEST / 1000n + 2n }),
    fc.constantFrom(LEAST, MOST),
  ),
)

const within = (value: bigint): bigint => (value < 0n ? 0n : value > LATEST ? LATEST : value)

describe('times brought into what a timestamp can hold', () => {
  let client: Client
  beforeAll(async () => {
    client = await testPostgres().superuser()
  })
  afterAll(() => client?.end())

  const clamped = async (
    clamp: (value: RawBuilder<unknown>) => RawBuilder<unknown>,
    values: readonly (bigint | null)[],
  ): Promise<readonly (bigint | null)[]> => {
    const rows = await run<{ clamped: string | null }>(
      client,
      sql`
        SELECT (${clamp(sql`v.value`)})::text AS clamped
        FROM unnest(${values.map((value) => value?.toString() ?? null)}::bigint[]) WITH ORDINALITY v (value, nth)
        ORDER BY nth`,
    )
    return rows.map((row) => (row.clamped === null ? null : BigInt(row.clamped)))
  }

  test('milliseconds stay, or become 1970 or the last moment of 9999', async () => {
    expect(new Date(LATEST_MS).toISOString()).toBe('9999-12-31T23:59:59.999Z')
    await fc.assert(
      fc.asyncProperty(fc.array(bigints), async (values) => {
        expect(await clamped(clampMs, values)).toEqual(values.map((value) => (value === null ? null : within(value))))
      }),
    )
  })

  test('seconds become milliseconds, the latest of them the last whole second of 9999', async () => {
    const model = (value: bigint): bigint => (value > LATEST / 1000n ? (LATEST / 1000n) * 1000n : within(value * 1000n))
    await fc.assert(
      fc.asyncProperty(fc.array(bigints), async (values) => {
        expect(await clamped(clampSeconds, values)).toEqual(
          values.map((value) => (value === null ? null : model(value))),
        )
      }),
    )
  })
})
