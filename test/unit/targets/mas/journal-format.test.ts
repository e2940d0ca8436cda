import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { keyHash, rowDigest } from '../../../../src/difference/bucket-hash.ts'
import { ownerHash } from '../../../../src/difference/owner.ts'
import { compileStatement } from '../../../../src/postgres/statement.ts'
import { JOURNAL_FORMAT, JOURNAL_TABLES } from '../../../../src/targets/mas/load/journal-tables.ts'
import { masTables } from '../../../../src/targets/mas/rows/tables.ts'

/** What each format of the journal was. A new one gets a line of its own: the old ones stand in databases. */
const FORMATS: Readonly<Record<number, string>> = {
  1: '0e1a6cc5793271e3',
  2: '93fee438f78164bb',
}

/** Without remarks, its spaces alike. */
const plain = (statements: string): string => statements.replaceAll(/--.*$/gmu, '').replaceAll(/\s+/gu, ' ')

test('the journal has another format when its tables, or the rows whose digests it keeps, are others', () => {
  const shapes = masTables({
    decisions: sql``,
    serverName: 'example.org',
    seeds: { method: 'fast', key: new Uint8Array(32) },
    passwordVersion: 1,
  })
  const kept = [
    plain(compileStatement(JOURNAL_TABLES)),
    compileStatement(sql`${ownerHash(sql`mxid`)}`),
    ...shapes.map(({ natural }) => [
      natural.table,
      compileStatement(sql`${keyHash(natural)}, ${rowDigest(natural)}`),
      natural.columns.map(({ name, type }) => [name, type]),
    ]),
  ]
  expect(createHash('sha256').update(JSON.stringify(kept)).digest('hex').slice(0, 16)).toBe(FORMATS[JOURNAL_FORMAT])
})
