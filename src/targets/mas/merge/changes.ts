import type { Changes } from '../../changes.ts'

/** The changes of one batch, computed by SQL and kept where the rows are: in a transaction of this connection. */
export interface MasChanges extends Changes {
  readonly session: unknown
}
