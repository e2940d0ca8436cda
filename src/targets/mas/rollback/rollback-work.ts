import { sql } from 'kysely'
import type { Workspace } from '../merge/workspace.ts'
import type { Covered } from './covered.ts'
import type { ReferringTable } from './references.ts'

/** What the batches of a rollback work with. */
export interface RollbackWork {
  readonly workspace: Workspace
  readonly covered: Covered
  /** Whether accounts that people have used at MAS since go too. */
  readonly used: 'keep' | 'remove'
  /** The written tables and all that refer to them, parents first. */
  readonly tables: readonly ReferringTable[]
}

/** Accounts that are looked at, over all batches: ordinal, owner, mxid and username. Lives as long as the session. */
export const SCOPE = sql.id('pg_temp', 'rollback_scope')

/** Rows of the table at this position that go: row (ctid), owner, is_root: created by what is taken back. */
export const going = (position: number) => sql.id('pg_temp', `rollback_going_${position}`)
