import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { compileStatement } from '../../../src/postgres/statement.ts'

describe('a statement without parameters', () => {
  it('quotes identifiers and literals', () => {
    const table = sql.id('odd"schema', 'users')
    const text = compileStatement(
      sql`COPY (SELECT ${sql.ref('name')} FROM ${table} WHERE x = ${sql.lit("it's")}) TO STDOUT`,
    )
    expect(text).toBe(`COPY (SELECT "name" FROM "odd""schema"."users" WHERE x = 'it''s') TO STDOUT`)
  })

  it('takes fragments and lists of them', () => {
    const columns = sql.join([sql.id('a'), sql.id('b')])
    expect(compileStatement(sql`SELECT ${columns} FROM t WHERE ${sql`a = ${sql.lit(1)}`}`)).toBe(
      'SELECT "a", "b" FROM t WHERE a = 1',
    )
  })

  it('refuses a bound value: COPY and utility statements could not send it', () => {
    const bind = () => compileStatement(sql`SELECT ${'value'}`)
    expect(bind).toThrow(Syn2opError)
    expect(bind).toThrow(/binds 1/)
  })
})
