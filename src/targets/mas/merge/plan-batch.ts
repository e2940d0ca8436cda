import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Batch } from '../../batch.ts'
import type { Stoppable } from '../../target.ts'
import type { MasDatabase } from '../mas-database.ts'
import type { MasChanges } from './changes.ts'

export const planBatch = async (_database: MasDatabase, _batch: Batch, _stop: Stoppable): Promise<MasChanges> => {
  throw new Syn2opError('internal', 'planBatch is being written')
}
