import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { expectConverged, migratedAs, onlineRequest, type Places } from '../../support/migration/online.ts'
import { demoProviders } from '../../support/migration/requests.ts'
import { wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const places = async (name: string, accounts = 200): Promise<Places> => {
  const postgres = testPostgres()
  await createDemoHomeserver(postgres, `${name}_synapse`, { accounts })
  await createMasDatabase(postgres, `${name}_mas`, demoProviders)
  return {
    source: { postgres, database: `${name}_synapse` },
    target: { postgres, database: `${name}_mas` },
  }
}

const change = ({ source }: Places, statement: string) => source.postgres.execute(source.database, statement)

const countOf = (document: RunDocument, outcome: string): number =>
  document.outcomes?.find((one) => one.outcome === outcome)?.count ?? 0

describe('a migration in several online runs and a final one', () => {
  let both: Places
  let first: RunDocument
  let second: RunDocument
  let third: RunDocument
  let final: RunDocument

  beforeAll(async () => {
    both = await places('online_road')
    first = await migratedAs('online', onlineRequest(both))
    second = await migratedAs('online', onlineRequest(both))
    await change(
      both,
      `
      UPDATE users SET admin = 1 - admin WHERE name IN (
        SELECT name FROM users WHERE is_guest = 0 AND deactivated = 0 AND appservice_id IS NULL
            AND name ~ '^@[a-z0-9._-]+:demo[.]example$' ORDER BY name LIMIT 3
      );
      INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
      VALUES ('@late:demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0);
      `,
    )
    third = await migratedAs('online', onlineRequest(both))
    await change(both, `DELETE FROM users WHERE name = '@late:demo.example'`)
    final = await migratedAs('final', onlineRequest(both))
  })

  test('copies aside first, and proves the copy', () => {
    expect(first.road).toBe('online')
    expect(first.tables.map(({ table }) => table)).toContain('compat_sessions')
    expect(first.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    expect(first.downtime).toBeUndefined()
  })

  test('does nothing where nothing has changed', () => {
    expect(second.outcomes?.map(({ outcome }) => outcome).toSorted()).toEqual(['held back', 'unchanged'])
    for (const { create, update, remove, theirs, foreign } of second.changes ?? []) {
      expect({ create, update, remove, theirs, foreign }).toEqual({
        create: 0,
        update: 0,
        remove: 0,
        theirs: 0,
        foreign: 0,
      })
    }
  })

  test('brings the copy up to date', () => {
    expect(countOf(third, 'created')).toBe(1)
    expect(countOf(third, 'updated')).toBe(3)
    expect(countOf(third, 'rejected')).toBe(0)
  })

  test('ends in the rows that a migration of the final state gives', async () => {
    expect(final.refused).toBeUndefined()
    expect(final.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    expect(final.downtime).toBe(final.milliseconds)
    expect(final.findings.map(({ code }) => code)).not.toContain('MAS_COPY_ASIDE')
    expect(countOf(final, 'removed')).toBe(1)
    await expectConverged(both)
    expect(wrongTables(await verify(onlineRequest(both)))).toEqual([])
  })

  test('is final: there are no further online runs', async () => {
    await expect(migratedAs('online', onlineRequest(both))).rejects.toMatchObject({ code: 'run.final' })
    await expect(migratedAs('final', onlineRequest(both))).rejects.toMatchObject({ code: 'run.final' })
  })
})
