import { describe, expect, test } from 'vitest'
import type { RelationCount } from '../../../../../src/report/documents.ts'
import { bytesNeeded, checkDisk } from '../../../../../src/targets/mas/check/disk.ts'

const counted = (accounts: number): readonly RelationCount[] => [
  { relation: 'account', read: accounts * 2, carried: accounts, left: [] },
  { relation: 'access_token', read: accounts, carried: accounts, left: [] },
]

const use = {
  tables: new Map([
    ['users', 'pg_default'],
    ['compat_access_tokens', 'fast'],
  ]),
  record: 'pg_default',
  folders: new Map([['fast', "/mnt/o'fast"]]),
}

describe('the room that a load needs', () => {
  test('is that of the rows carried, each in its tablespace, with a line of the record for each and a print of every account read', () => {
    expect([...bytesNeeded(counted(1000), use)]).toEqual([
      ['pg_default', 1000 * (300 + 100 + 100) + 2000 * 95],
      ['fast', 1000 * 340],
    ])
  })

  test('is told with the line that shows what is free, where the folder may be known', () => {
    expect(checkDisk(counted(2_000_000), use)).toMatchObject([
      {
        code: 'MAS_DISK_NEEDED',
        severity: 'notice',
        message: expect.stringMatching(
          /about 1\.4 GB in the tablespace pg_default and about 680 MB in the tablespace fast, and .* write-ahead log/u,
        ),
        remedy: [String.raw`On the machine of MAS's PostgreSQL server: df -h '/mnt/o'\''fast'`],
      },
    ])
    expect(checkDisk(counted(2_000_000), { ...use, folders: new Map() })[0]?.remedy.join('')).toContain(
      'data_directory',
    )
  })

  test('is not told where it is little', () => {
    expect(checkDisk(counted(50_000), use)).toEqual([])
    expect(checkDisk([], use)).toEqual([])
  })
})
