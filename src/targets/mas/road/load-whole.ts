import type { SqlRoad } from '../../sql-road.ts'
import type { LoadResult } from '../../target.ts'
import { loadWithFreshIdentifiers } from '../load/load-with-fresh-identifiers.ts'
import { applicationName } from '../load/lock.ts'
import type { MasDatabase } from '../mas-database.ts'
import { masTables } from '../rows/tables.ts'

/** Fills an empty MAS, in its place or aside, and puts on record what was written. */
export const loadWhole = async (
  database: MasDatabase,
  request: Parameters<SqlRoad['load']>[0],
): Promise<LoadResult> => {
  const { control, writers, seedKey } = database
  const { ends } = request
  const started = performance.now()
  const clients = await Promise.all(
    Array.from({ length: writers }, () => database.open(applicationName(request.runId), 'read-write')),
  )
  const loaded = await loadWithFreshIdentifiers({
    request,
    homeSchema: await database.homeSchema(),
    seedKey,
    control,
    writers: clients,
    tables: (method) => masTables(database.rows(request.decisions, method)),
    ends,
    beforeEnd: async () => {},
  })
  if (ends === 'aside') return loaded
  return { ...loaded, usableAfter: Math.round(performance.now() - started) }
}
