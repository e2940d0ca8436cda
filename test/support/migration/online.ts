import { expect } from 'vitest'
import { migrate } from '../../../src/migration/migrate.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { compareMasRows } from '../expected-rows/compare.ts'
import { readMasRows, readSourceRecord } from '../expected-rows.ts'
import { decide, wantedOf } from '../oracle.ts'
import type { TestPostgres } from '../server-for-tests.ts'
import { demoOracleRules, demoRequest, type Ends } from './requests.ts'
import { wrongTables } from './run.ts'

/** A database on its server. */
export interface Place {
  readonly postgres: TestPostgres
  readonly database: string
}

export interface Places {
  readonly source: Place
  readonly target: Place
}

export const endsOf = ({ source, target }: Places): Ends => ({
  synapse: source.postgres.settings(source.database),
  mas: target.postgres.settings(target.database),
})

/** The migration of a demo homeserver that runs meanwhile, or is connected to by those who look at it. */
export const onlineRequest = (places: Places): MigrationRequest => {
  const request = demoRequest(endsOf(places))
  return { ...request, accept: [...request.accept, 'SYNAPSE_RUNNING'] }
}

/** Migrates without asking: `online` while Synapse runs, `final` to end it. */
export const migratedAs = async (mode: 'online' | 'final', request: MigrationRequest): Promise<RunDocument> => {
  const document = await migrate({ ...request, mode, resume: false, confirm: async () => true })
  if (document === undefined) throw new Error('A confirmed migration has a result')
  return document
}

/**
 * Every table of MAS equals, row by row and both ways, what the oracle makes of the source as it is now, and a whole
 * verification finds nothing.
 */
export const expectConverged = async (places: Places): Promise<void> => {
  const source = await places.source.postgres.superuser(places.source.database)
  const target = await places.target.postgres.superuser(places.target.database)
  try {
    const wanted = wantedOf(decide(await readSourceRecord(source), demoOracleRules))
    expect(compareMasRows(wanted, await readMasRows(target), 'kept').slice(0, 20)).toEqual([])
  } finally {
    await source.end()
    await target.end()
  }
  expect(wrongTables(await verify(onlineRequest(places)))).toEqual([])
}
