import { describe, expect, it } from 'vitest'
import { FINDINGS } from '../../../../src/findings/catalogue.ts'
import {
  LAST_KNOWN_MIGRATION,
  MAS_CATALOGUE,
  MAS_WRITTEN_TABLES,
  masTable,
} from '../../../../src/targets/mas/database/catalogue.ts'

describe('the catalogue of MAS 1.22', () => {
  it('knows its 167 schema migrations, in order', () => {
    const versions = MAS_CATALOGUE.migrations.map(({ version }) => version)
    expect(versions).toHaveLength(167)
    expect(versions).toEqual(versions.toSorted((one, other) => one - other))
    expect(LAST_KNOWN_MIGRATION).toBe(20260720134722)
  })

  it('marks as written the eight tables that a migration fills', () => {
    const written = MAS_CATALOGUE.tables.filter(({ role }) => role === 'written').map(({ name }) => name)
    expect(new Set(written)).toEqual(new Set(MAS_WRITTEN_TABLES))
  })

  it('names the written tables in an order in which every foreign key points backwards', () => {
    const order: readonly string[] = MAS_WRITTEN_TABLES
    const forward = order.flatMap((name, index) =>
      masTable(name)
        .constraints.map(({ references = '' }) => references)
        .filter((target) => target !== name && order.indexOf(target) > index)
        .map((target) => `${name} → ${target}`),
    )
    expect(forward).toEqual([])
  })

  it('knows every table that a foreign key points at', () => {
    const names = MAS_CATALOGUE.tables.map(({ name }) => name)
    const targets = MAS_CATALOGUE.tables.flatMap(({ constraints }) =>
      constraints.flatMap(({ references }) => references ?? []),
    )
    expect(names).toEqual(expect.arrayContaining(targets))
  })

  it('tells who asks for a table that it does not have', () => {
    expect(() => masTable('people')).toThrow('MAS 1.22 has no table people')
  })
})

describe('the catalogue of findings', () => {
  it.each(Object.entries(FINDINGS))('%s says what it is, why it matters and what to do', (code, entry) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
    for (const text of [entry.title, entry.why, entry.remedy]) expect(text.trim()).not.toBe('')
    expect(entry.title).not.toMatch(/\.$/)
    expect(entry.why).toMatch(/[.)]$/)
    // A line to type may end it.
    expect(entry.remedy).toMatch(/[.)]$|;`$/)
  })
})
