import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requirePatterns } from '../../../src/migration/require-patterns.ts'
import { failure } from '../../support/mas-config-files.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'require_patterns'
let client: pg.Client

beforeAll(async () => {
  await testPostgres().createDatabase(DATABASE)
  client = await testPostgres().superuser(DATABASE)
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
})
afterAll(() => client?.end())

const mappingOf = (ghosts: readonly string[], localparts: readonly string[]) => ({
  file: 'rules.yaml',
  ghosts,
  cohorts: [
    { name: 'a', match: { admin: true } },
    { name: 'b', match: { localparts } },
  ],
})

test('regular expressions that PostgreSQL understands are taken, its own kinds too', async () => {
  const taken = requirePatterns(client, mappingOf(['^@_irc_', '[[:alpha:]]'], ['a.*', '(?:a|b)', String.raw`\mword\M`]))
  await expect(taken).resolves.toBeUndefined()
})

test('each one that it does not understand is named, and the transaction goes on', async () => {
  const error = await failure(requirePatterns(client, mappingOf(['(', 'fine'], ['[a', 'fine', 'a)|(b'])))
  expect(error.code).toBe('mapping.invalid')
  expect(error.problems.map(({ message }) => message.split(':')[0])).toEqual([
    '`ghosts.0`',
    '`cohorts.1.match.localparts.0`',
    '`cohorts.1.match.localparts.2`',
  ])
  await expect(client.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 })
})
