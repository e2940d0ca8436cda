import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { REASONS } from '../../src/accounts/reasons.ts'
import { RELATIONS } from '../../src/accounts/relations.ts'
import { storyEntries } from '../support/expected-rows/entries.ts'
import { loadStory, storyCounts } from '../support/expected-rows.ts'
import { requirementsOf } from '../support/synapse/install.ts'

const root = new URL('../../', import.meta.url)
const reason = z.enum(Object.keys(REASONS) as [keyof typeof REASONS])

const storyCase = z.strictObject({
  story: z.enum(['damage', 'real-synapse']),
  account: z.string(),
  medium: z.string().optional(),
  address: z.string().optional(),
  provider: z.string().optional(),
  subject: z.string().optional(),
  device: z.string().optional(),
  token: z.string().optional(),
})
const testCase = z.strictObject({ test: z.string(), title: z.string() })
const count = z.int().nonnegative()
const trap = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  trap: z.string(),
  cases: z.array(z.union([storyCase, testCase])).nonempty(),
  rows: z
    .array(z.strictObject({ relation: z.enum(RELATIONS), reason, 'damage': count, 'real-synapse': count }))
    .default([]),
})

const traps = z.array(trap).parse(parse(await readFile(new URL('test/traps/traps.yaml', root), 'utf8')))
const stories = { 'damage': await loadStory('damage'), 'real-synapse': await loadStory('real-synapse') }
const entries = { 'damage': storyEntries(stories.damage), 'real-synapse': storyEntries(stories['real-synapse']) }
const counts = { 'damage': storyCounts(stories.damage), 'real-synapse': storyCounts(stories['real-synapse']) }

const hasEntry = ({ story, ...wanted }: z.infer<typeof storyCase>): boolean =>
  entries[story].some((entry) =>
    Object.entries(wanted).every(([name, value]) => entry[name as keyof typeof wanted] === value),
  )

/** A title as it stands in a source file, in whatever quotes: the first argument of a call. */
const hasTitle = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => {
    const at = source.indexOf(quote + title + quote)
    return at >= 0 && source.slice(0, at).trimEnd().endsWith('(')
  })

describe.each(traps)('the trap $id', ({ cases, rows }) => {
  test('is shown by entries and tests that exist', async () => {
    for (const shown of cases) {
      if ('story' in shown) {
        expect(hasEntry(shown), JSON.stringify(shown)).toBe(true)
        continue
      }
      const file = new URL(shown.test, root)
      expect(existsSync(file), shown.test).toBe(true)
      expect(hasTitle(await readFile(file, 'utf8'), shown.title), `${shown.test}: ${shown.title}`).toBe(true)
    }
  })

  test('counts its rows as the stories do', () => {
    const counted = rows.map(({ relation, reason: code }) => ({
      relation,
      reason: code,
      'damage': counts.damage.get(relation)?.get(code) ?? 0,
      'real-synapse': counts['real-synapse'].get(relation)?.get(code) ?? 0,
    }))
    expect(counted).toEqual(rows)
  })
})

test('no two traps have the same id', () => {
  expect(new Set(traps.map(({ id }) => id)).size).toBe(traps.length)
})

test('every reason with which a story leaves a row belongs to a trap', () => {
  const trapped = new Set(traps.flatMap(({ rows }) => rows.map(({ relation, reason: code }) => `${relation} ${code}`)))
  const used = Object.values(counts).flatMap((ofStory) =>
    [...ofStory].flatMap(([relation, codes]) => [...codes.keys()].map((code) => `${relation} ${code}`)),
  )
  // What follows its account, and what is carried, is no trap of its own.
  const left = used.filter((name) => !name.endsWith(' carry') && !name.endsWith(' account_held_back'))
  expect(left.filter((name) => !trapped.has(name))).toEqual([])
})

test('old versions of Synapse are installed with the pins that they need', () => {
  expect(requirementsOf('1.136.0').slice(1)).toEqual(['prometheus_client<0.23', 'bcrypt<5'])
  expect(requirementsOf('1.91.2').slice(1)).toEqual(['prometheus_client<0.20', 'bcrypt<4.1'])
  expect(requirementsOf('1.163.2')).toHaveLength(1)
})
