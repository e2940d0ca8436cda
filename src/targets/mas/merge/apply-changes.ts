import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Outcome } from '../../changes.ts'
import type { RunIdentity, Stoppable } from '../../target.ts'
import type { MasDatabase } from '../mas-database.ts'
import type { MasChanges } from './changes.ts'

export const applyChanges = async (
  _database: MasDatabase,
  _changes: MasChanges,
  _run: RunIdentity & Stoppable,
): Promise<readonly Outcome[]> => {
  throw new Syn2opError('internal', 'applyChanges is being written')
}
