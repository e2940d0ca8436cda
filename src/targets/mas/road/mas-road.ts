import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { SqlRoad } from '../../sql-road.ts'
import type { MasDatabase } from '../mas-database.ts'
import { syncDeletions } from '../verify/sync-deletions.ts'
import { verifyMas } from '../verify/verify-mas.ts'
import { beginRun } from './begin.ts'
import { finishRun } from './finish.ts'
import { readHistory } from './history.ts'
import { loadWhole } from './load-whole.ts'

const unwritten = (): never => {
  throw new Syn2opError('internal', 'this part of the road is being written')
}

/** Whole homeservers into MAS's database. */
export const masRoad = (database: MasDatabase): SqlRoad => {
  return {
    history: () => readHistory(database),
    load: (request) => loadWhole(database, request),
    begin: (run) => beginRun(database, run),
    finish: (run) => finishRun(database, run),
    changedOwners: unwritten,
    recordedDecisions: unwritten,
    proveKeys: unwritten,

    verify: (source) => verifyMas(database, source),
    syncDeletions: (source, tell) => syncDeletions(database, source, tell),
  }
}
