import type { Client } from 'pg'
import type { LoadResult } from '../../road-load.ts'
import type { SqlRoad } from '../../sql-road.ts'
import { withConnections } from '../connections.ts'
import { RECORDING, readRuns } from '../load/journal.ts'
import { inWords } from '../load/load-errors.ts'
import { loadWithFreshIdentifiers } from '../load/load-with-fresh-identifiers.ts'
import { applicationName } from '../load/lock.ts'
import type { MasDatabase } from '../mas-database.ts'
import { masTables } from '../rows/tables.ts'
import { clearRecord } from './record-copy.ts'
import { holdMoment, type LoadRecord, recordLoad, recordLoadOf } from './record-load.ts'

type WholeLoad = Parameters<SqlRoad['load']>[0]

/**
 * Fills an empty MAS, in its place or aside, and puts on record what was written. In its place MAS may be used before the
 * record is complete: the record is made from the moment before.
 */
export const loadWhole = (database: MasDatabase, request: WholeLoad): Promise<LoadResult> => {
  const count = database.writers
  const wanted = { name: applicationName(request.runId), access: 'read-write', count, needed: count } as const
  return withConnections(database, wanted, (clients) => loadThrough(database, request, clients))
}

const loadThrough = async (
  database: MasDatabase,
  request: WholeLoad,
  clients: readonly Client[],
): Promise<LoadResult> => {
  const { control, seedKey } = database
  const { ends, runId, prints, signal, progress } = request
  const started = performance.now()
  const record: LoadRecord = { runId, prints, clients, signal }
  const loaded = await loadWithFreshIdentifiers({
    request,
    homeSchema: await database.homeSchema(),
    masMigrations: (await database.inspection()).migrations?.versions ?? [],
    seedKey,
    control,
    writers: clients,
    tables: (method) => masTables(database.rows(request.decisions, method)),
    ends,
    beforeEnd: async () => {
      if (ends === 'aside') {
        await recordLoad(database, record)
      } else {
        await clearRecord(control)
        await holdMoment(clients)
      }
    },
  })
  if (ends === 'aside') return loaded
  const usableAfter = Math.round(performance.now() - started)
  progress.note('MAS has everything and may start. Now what was written is put on record, for later runs.')
  progress.phase('record')
  const recording = performance.now()
  const isRecorded = await recordLoadOf(database, record).then(
    () => true,
    (error: unknown) => {
      progress.note(`What was written could not be put on record: ${inWords(error)}`)
      return areRowsRecorded(control, runId).catch(() => false)
    },
  )
  const phase = { phase: 'record', milliseconds: Math.round(performance.now() - recording) }
  return { ...loaded, phases: [...loaded.phases, phase], usableAfter, ...(isRecorded ? {} : { unrecorded: true }) }
}

const areRowsRecorded = async (control: Client, runId: string): Promise<boolean> =>
  (await readRuns(control)).some((one) => one.runId === runId && one.activity !== RECORDING)
