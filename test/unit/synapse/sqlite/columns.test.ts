import { describe, expect, it } from 'vitest'
import { FIXED_COLUMNS } from '../../../../src/synapse/relations.ts'
import { STAGED_TABLES, stagedColumn } from '../../../../src/synapse/sqlite/columns.ts'
import facts from '../../../../src/synapse/synapse-catalogue.json' with { type: 'json' }

describe('A staged column', () => {
  it.each([
    ['users', 'deactivated', 'SMALLINT', 'smallint'],
    ['users', 'locked', 'BOOLEAN', 'boolean'],
    ['users', 'creation_ts', 'INTEGER', 'bigint'],
    ['profiles', 'fields', 'JSONB', 'text'],
    ['application_services_state', 'state', 'VARCHAR(5)', 'text'],
  ])('%s.%s, declared %s, has the type of Synapse’s PostgreSQL: %s', (table, name, declared, type) => {
    expect(stagedColumn(table, { name, declared })).toEqual({ source: name, name, type })
  })

  it.each([
    ['BIGINT', 'bigint'],
    ['bool', 'boolean'],
    ['CHAR(1)', 'text'],
    ['DOUBLE PRECISION', 'double precision'],
    ['BYTEA', 'bytea'],
    ['', 'text'],
  ])('that no Synapse of ours has and that is declared %s is %s', (declared, type) => {
    expect(stagedColumn('login_tokens', { name: 'later', declared }).type).toBe(type)
  })

  it('has the name that PostgreSQL folds it to', () => {
    expect(stagedColumn('schema_version', { name: 'Lock', declared: 'CHAR(1)' })).toEqual({
      source: 'Lock',
      name: 'lock',
      type: 'text',
    })
  })
})

it('Every table that is read, of whichever version, is staged', () => {
  const read = [
    ...Object.values(facts.versions).flatMap((tables) => Object.keys(tables)),
    ...Object.keys(FIXED_COLUMNS),
  ]
  expect(STAGED_TABLES).toEqual(expect.arrayContaining(read))
})
