import type { Batch } from '../../batch.ts'
import type { Changes } from '../../changes.ts'
import type { Workspace } from './workspace.ts'

/** The changes of one batch, computed by SQL and kept where the rows are: in a transaction of this connection. */
export interface MasChanges extends Changes {
  readonly of: Batch
  readonly workspace: Workspace
  /** Ends the transaction and gives its connection back; a second call does nothing. */
  end(how: 'COMMIT' | 'ROLLBACK'): Promise<void>
}
