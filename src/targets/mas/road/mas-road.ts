import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { SqlRoad } from '../../sql-road.ts'
import { readRuns } from '../load/journal.ts'
import { loadWithFreshIdentifiers } from '../load/load-with-fresh-identifiers.ts'
import { applicationName } from '../load/lock.ts'
import type { MasDatabase } from '../mas-database.ts'
import { masTables } from '../rows/tables.ts'
import { verifyTables } from '../verify/verify-tables.ts'

const unwritten = (): never => {
  throw new Syn2opError('internal', 'this part of the road is being written')
}

/** Whole homeservers into MAS's database. */
export const masRoad = (database: MasDatabase): SqlRoad => {
  const { control, writers, seedKey } = database
  return {
    async history() {
      const runs = (await readRuns(control)).filter(({ state }) => state === 'done')
      return { state: runs.length > 0 ? 'migrated' : 'empty', runs, final: false }
    },

    async load(request) {
      const clients = await Promise.all(
        Array.from({ length: writers }, () => database.open(applicationName(request.runId), 'read-write')),
      )
      return loadWithFreshIdentifiers({
        request,
        homeSchema: await database.homeSchema(),
        seedKey,
        control,
        writers: clients,
        tables: (method) => masTables(database.rows(request.decisions, method)),
      })
    },

    begin: unwritten,
    changedOwners: unwritten,
    recordedDecisions: unwritten,
    proveKeys: unwritten,
    finish: unwritten,

    async verify({ decisions, readers }) {
      const [last] = (await readRuns(control)).filter(({ state }) => state === 'done')
      const clients = await Promise.all(readers.map(() => database.open('syn2op verify', 'read-only')))
      return verifyTables({
        shapes: masTables(database.rows(decisions, last?.identifierMethod ?? 'fast')),
        schema: await database.homeSchema(),
        sources: readers,
        targets: clients,
      })
    },
  }
}
