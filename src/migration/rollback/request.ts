import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { MigrationRequest } from '../request.ts'

export interface RollbackRequest extends MigrationRequest {
  /** A run's id, `last`, or the name of a cohort. */
  readonly what: string
  /** Whether accounts that people have used at the target since stay as they are, or go with all that was done there. */
  readonly used: 'keep' | 'remove'
  /** Shown what would be done before anything is; false ends it with nothing done. */
  readonly confirm: (plan: RollbackDocument) => Promise<boolean>
}
