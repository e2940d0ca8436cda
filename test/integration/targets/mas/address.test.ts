import { isIP } from 'node:net'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../../../src/postgres/statement.ts'
import { address } from '../../../../src/targets/mas/rows/shapes.ts'
import { testPostgres } from '../../../support/postgres.ts'

const group = fc.oneof(
  fc.stringMatching(/^[0-9A-Fa-f]{1,4}$/),
  fc.constantFrom('0', '00000', 'g', '', 'ffff', 'FFFF', '12345'),
)
const octet = fc.oneof(fc.nat({ max: 300 }).map(String), fc.constantFrom('0', '00', '01', '255', '256', ''))
const quad = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'))

/** Groups around at most one `::`, too few or too many of them as well, and sometimes an IPv4 address at the end. */
const nearlyIpv6 = fc
  .record({
    before: fc.array(group, { maxLength: 8 }),
    after: fc.array(group, { maxLength: 8 }),
    gap: fc.constantFrom('::', '::', ':', ':::', ''),
    end: fc.option(quad, { freq: 3 }),
  })
  .map(({ before, after, gap, end }) =>
    [before.join(':'), [...after, ...(end === null ? [] : [end])].join(':')].join(gap),
  )

const valid = fc.oneof(fc.ipV4(), fc.ipV6())

/** An address with one character more, less or other. */
const spoilt = fc
  .tuple(
    valid,
    fc.nat({ max: 45 }),
    fc.constantFrom(...Array.from(':.%/0 9afG\n-٣')),
    fc.constantFrom('insert', 'delete', 'replace'),
  )
  .map(([text, at, character, how]) => {
    const rest = text.slice(how === 'insert' ? at : at + 1)
    return `${text.slice(0, at)}${how === 'delete' ? '' : character}${rest}`
  })

/** What Synapse or a proxy may have written; PostgreSQL's text holds everything but NUL. */
const anything = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF:.%/ ')) }),
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom(
    '-',
    '',
    '::',
    ':',
    '::1%eth0',
    'fe80::1%2',
    '10.0.0.0/8',
    '::/0',
    '1.2.3.4:80',
    '[::1]',
    '0x7f.1',
    '127.1',
  ),
)

const texts = fc.array(fc.oneof(valid, quad, nearlyIpv6, spoilt, anything), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
})

describe('Synapse’s text as an address', () => {
  let client: Client
  beforeAll(async () => {
    client = await testPostgres().superuser()
  })
  afterAll(() => client?.end())

  const addresses = (all: readonly (string | null)[], expected: readonly boolean[]) =>
    run<{ address: string | null; cast: string | null }>(
      client,
      sql`
        SELECT (${address(sql`v.value`)})::text AS address, CASE WHEN v.fit THEN v.value::inet END::text AS cast
        FROM unnest(${all}::text[], ${expected}::boolean[]) WITH ORDINALITY v (value, fit, nth)
        ORDER BY nth`,
    )

  test('is the address where Node takes it for one without a zone, else NULL, and never an error', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const fit = all.map((text) => isIP(text) !== 0 && !text.includes('%'))
        const rows = await addresses(all, fit)
        expect(rows.map((row, index) => ({ text: all[index], address: row.address }))).toEqual(
          rows.map((row, index) => ({ text: all[index], address: row.cast })),
        )
        expect(rows.map((row) => row.address !== null)).toEqual(fit)
      }),
      { numRuns: 400 },
    )
  })

  test('tries texts of both kinds, often', () => {
    const sample = fc.sample(texts, { numRuns: 200, seed: 1 }).flat()
    const fit = sample.filter((text) => isIP(text) !== 0 && !text.includes('%'))
    expect(fit.filter((text) => text.includes(':')).length).toBeGreaterThan(200)
    expect(fit.filter((text) => text.includes(':') && text.includes('.')).length).toBeGreaterThan(20)
    expect(sample.length - fit.length).toBeGreaterThan(1000)
  })

  test('is NULL where there is none', async () => {
    expect(await addresses([null], [false])).toEqual([{ address: null, cast: null }])
  })
})
