import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { RunDocument } from '../../report/documents.ts'
import type { MigrateRequest } from '../migrate.ts'
import type { Prepared } from '../prepare.ts'

/** Migrates into a target that has no road by SQL: account by account, from the run's file. */
export const migrateSlowly = async (
  _request: MigrateRequest,
  _prepared: Prepared,
): Promise<RunDocument | undefined> => {
  throw new Syn2opError('internal', 'the slow road is being written')
}
