import type { Relation } from '../accounts/relations.ts'
import type { Severity } from '../findings/finding.ts'
import type { Forecast } from './plan-parts.ts'

/** The plan that something is held against: its file, and the as-of time of its decisions (ISO 8601, UTC). */
export interface PlanReference {
  readonly file: string
  readonly asOf: string
}

/** Rows of one relation and one reason (null: migrated or carried) whose count is not what it was. */
export interface CountChange {
  readonly relation: Relation
  readonly reason: string | null
  readonly before: number
  readonly now: number
}

/** What is new since the plan that a run is bound to, and is decided by the same rules. */
export interface PlanDrift {
  readonly plan: PlanReference
  readonly newAccounts: number
  readonly goneAccounts: number
  readonly rows: readonly CountChange[]
}

/** Accounts about which something else is decided than before, by reason; null: they migrate. */
export interface DecisionChange {
  readonly before: string | null
  readonly now: string | null
  readonly count: number
  /** The first of them. */
  readonly samples: readonly string[]
}

/** A finding that is new, gone, or of other rows than before; without counts where the finding counts nothing. */
export interface FindingChange {
  readonly code: string
  readonly severity: Severity
  readonly change: 'new' | 'gone' | 'changed'
  readonly before?: number
  readonly now?: number
}

/** A plan beside an older one. */
export interface PlanComparison {
  readonly plan: PlanReference
  /** SHA-256 of the mappings, where they are not the same. */
  readonly mapping?: { readonly before: string; readonly now: string }
  /** The older one is of another source or another target. */
  readonly other?: readonly ('source' | 'target')[]
  /** Absent where the older one does not have the decision about every account. */
  readonly accounts?: {
    readonly new: number
    readonly gone: number
    readonly changed: readonly DecisionChange[]
  }
  readonly rows: readonly CountChange[]
  readonly outcomes: readonly { readonly outcome: string; readonly before: number; readonly now: number }[]
  readonly findings: readonly FindingChange[]
  readonly forecast?: {
    readonly before: Pick<Forecast, 'seconds' | 'downtimeSeconds'>
    readonly now: Pick<Forecast, 'seconds' | 'downtimeSeconds'>
  }
}
