import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOrder } from '../../../../../src/targets/mas/rollback/references.ts'

const named = (table: string) => ({ schema: 'public', table })
const key = (child: string, parent: string) => ({
  child: named(child),
  columns: [`${parent}_id`],
  parent: named(parent),
  parentColumns: ['id'],
})
const names = (tables: ReturnType<typeof inOrder>): readonly string[] => tables.map(({ table }) => table)

describe('the tables whose rows depend on ours', () => {
  test('are those that refer to one of them over any number of foreign keys, parents first', () => {
    const keys = [key('tokens', 'logins'), key('logins', 'sessions'), key('sessions', 'users'), key('jobs', 'queues')]
    expect(names(inOrder(keys, [named('users')]))).toEqual(['users', 'sessions', 'logins', 'tokens'])
  })

  test('name their parents by their place, and leave out references to tables that nothing of ours is in', () => {
    const tables = inOrder([key('links', 'users'), key('links', 'providers')], [named('users')])
    expect(tables[1]?.references).toEqual([{ columns: ['users_id'], parent: 0, parentColumns: ['id'] }])
  })

  test('may refer to themselves and to each other in a circle', () => {
    const keys = [key('users', 'users'), key('a', 'users'), key('a', 'b'), key('b', 'a')]
    expect(names(inOrder(keys, [named('users')]))).toEqual(['users', 'a', 'b'])
  })

  test('stand after all that they refer to, whatever the schema, unless it is a circle', () => {
    const tables = fc.integer({ min: 0, max: 8 })
    const schema = fc.array(fc.tuple(tables, tables), { maxLength: 20 })
    fc.assert(
      fc.property(schema, (pairs) => {
        // A child has a larger number than its parent: so there is no circle but of one table.
        const keys = pairs.map(([a, b]) => key(`t${Math.max(a, b)}`, `t${Math.min(a, b)}`))
        const ordered = inOrder(keys, [named('t0')])
        for (const [position, { references }] of ordered.entries()) {
          for (const { parent } of references) expect(parent).toBeLessThanOrEqual(position)
        }
        expect(new Set(names(ordered)).size).toBe(ordered.length)
      }),
    )
  })
})
