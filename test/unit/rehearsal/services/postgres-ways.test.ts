import { describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../../src/postgres/settings.ts'
import { imagesOf } from '../../../../src/rehearsal/services/containers/images.ts'
import { postgresWays } from '../../../../src/rehearsal/services/postgres/postgres-ways.ts'
import { throwAwayArguments } from '../../../../src/rehearsal/throw-away.ts'

const asked = { images: imagesOf({ given: [], pull: 'missing' }), durability: 'throw-away' } as const

const given: PostgresSettings = {
  host: 'db.example',
  port: 5432,
  database: 'postgres',
  user: 'rehearsals',
  sslMode: 'verify-full',
  connectTimeoutMs: 10_000,
  origin: 'SYN2OP_REHEARSAL_POSTGRES',
}

describe('the PostgreSQL of a rehearsal', () => {
  it('is a container, or else one of this machine', () => {
    expect(postgresWays(asked).map(({ backend }) => backend)).toEqual(['containers', 'local'])
  })

  it('is the one that was given, and no other', () => {
    expect(postgresWays({ ...asked, given }).map(({ backend }) => backend)).toEqual(['given'])
  })

  it('waits for its disks only where times are to mean something', () => {
    expect(throwAwayArguments('throw-away')).toEqual(expect.arrayContaining(['fsync=off', 'synchronous_commit=off']))
    expect(throwAwayArguments('usual').join(' ')).not.toMatch(/fsync|synchronous_commit|full_page_writes|wal_level/u)
  })
})
