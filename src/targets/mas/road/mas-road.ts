import type { SqlRoad } from '../../sql-road.ts'
import { withConnections } from '../connections.ts'
import { clearProving } from '../load/journal.ts'
import { lockHolder } from '../load/lock.ts'
import { probeLoad } from '../load/probe.ts'
import type { MasDatabase } from '../mas-database.ts'
import { planRollback, rollback } from '../rollback/rollback.ts'
import { masTables } from '../rows/tables.ts'
import { compareFields } from '../verify/field-by-field/compare-fields.ts'
import { syncDeletions } from '../verify/sync-deletions.ts'
import { tokenStates } from '../verify/token-states.ts'
import { verifyMas } from '../verify/verify-mas.ts'
import { beginCopy, beginRun } from './begin.ts'
import { changedOwners, forgetChanged, recordedDecisions } from './changed-owners.ts'
import { cohortOf, cohortOwners, freezeCohorts, markBegun, readCohorts } from './cohorts.ts'
import { countByCohort } from './count-by-cohort.ts'
import { countChanged } from './count-changed.ts'
import { finishRun } from './finish.ts'
import { readHistory } from './history.ts'
import { loadWhole } from './load-whole.ts'
import { proveKeys } from './prove-keys.ts'
import { recordUnrecorded } from './record-unrecorded.ts'
import { waitingOwners } from './waiting-owners.ts'

/** Whole homeservers into MAS's database. */
export const masRoad = (database: MasDatabase): SqlRoad => {
  return {
    history: () => readHistory(database),
    holder: () => lockHolder(database.control),
    load: (request) => loadWhole(database, request),
    probeLoad: ({ decisions, readers, rows, signal }) => {
      const more = { name: 'syn2op plan', access: 'read-write', count: readers.length } as const
      return withConnections(database, more, async (writers) => {
        const tables = masTables(database.rows(decisions, 'fast'))
        return probeLoad({ tables, schema: await database.schema(), readers, writers, rows, signal })
      })
    },
    begin: (run, stop) => beginRun(database, run, stop),
    finish: (run, stop) => finishRun(database, run, stop),
    recordUnrecorded: (load) => recordUnrecorded(database, load),
    countChanged: (prints, stop) => countChanged(database, prints, stop),
    changedOwners: (prints, options) => changedOwners(database, prints, options),
    forgetChanged: () => forgetChanged(database),
    recordedDecisions: (options) => recordedDecisions(database, options),
    markProved: (runs) => clearProving(database.control, runs),
    proveKeys: (stop) => proveKeys(database, stop),
    beginCopy: (run, stop) => beginCopy(database, run, stop),

    cohorts: () => readCohorts(database),
    freezeCohorts: (cohorts, stop) => freezeCohorts(database, cohorts, stop),
    markBegun: (cohort) => markBegun(database, cohort),
    cohortOwners: (name) => cohortOwners(database, name),
    cohortOf: (mxid) => cohortOf(database, mxid),
    countByCohort: (decided, stop) => countByCohort(database, decided, stop),
    waitingOwners: (accounts, stop) => waitingOwners(database, accounts, stop),

    planRollback: (scope, source) => planRollback(database, scope, source),
    rollback: (scope, source) => rollback(database, scope, source),

    verify: (source) => verifyMas(database, source),
    syncDeletions: (source, tell) => syncDeletions(database, source, tell),
    tokenStates: (digests) => tokenStates(database, digests),
    compareFields: (plain) => compareFields(database, plain),
  }
}
