import type { RawBuilder } from 'kysely'
import type { RowsOf } from '../accounts/decisions/cohort-tally.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import type { ReasonCode } from '../accounts/reasons.ts'
import type { Relation } from '../accounts/relations.ts'
import type { ApplicationService } from '../synapse/homeserver.ts'
import type { Relations } from '../synapse/relations.ts'

/** Of what a finding is counted: the rows with their decisions, and what else stands in the source. */
export interface Subject {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** The named queries of `decisions`. */
  readonly decisions: RawBuilder<unknown>
  /** Which accounts' rows are looked at. */
  readonly isCounted: RowsOf
  /** A table of Synapse's as it is; undefined where it or one of the columns is missing, or may not be read. */
  raw(table: string, ...columns: readonly string[]): RawBuilder<unknown> | undefined
  readonly services: Services
  /** Names of the SSO providers whose logouts end devices at Synapse. */
  readonly backchannelLogouts: readonly string[]
}

/** The application services that homeserver.yaml registers. */
export interface Services {
  readonly registered: readonly ApplicationService[]
  /** unknown: a registration file is named that could not be read, so that one more may be registered. */
  readonly others: 'none' | 'unknown'
  /** Exclusive namespaces that have an equal in PostgreSQL, as its patterns over the whole Matrix id. */
  readonly namespaces: readonly string[]
}

/** What was counted. The sum of the groups is the count, where there are any. */
export interface Found {
  readonly count: number
  /** By relation or by what the query groups; the largest first. */
  readonly groups: readonly Group[]
  readonly serverName: string
  /** How people set a password at the target; absent: by nothing that it is given. */
  readonly passwords?: 'by e-mail'
}

export interface Group {
  readonly name: string
  readonly count: number
}

/** A row that a query of its own answers with; `first` and `last` are Matrix ids of that group, for samples. */
export interface GroupRow {
  readonly name: string | null
  readonly count: number
  readonly first: string | null
  readonly last: string | null
}

interface Told {
  /** The sentence of the finding. */
  readonly say: (found: Found) => string
  /** What to type; absent: what the catalogue says. */
  readonly remedies?: (found: Found) => readonly string[]
}

/** Rows of decided relations of which a condition is true: counted in the one pass over each relation. */
export interface CountedRows extends Told {
  readonly by: 'rows'
  /** Tables that are looked into beside the relations. */
  readonly tables?: readonly string[]
  readonly rows: readonly {
    readonly of: Relation
    /** SQL over the columns of the decided relation. */
    readonly where: (subject: Subject) => RawBuilder<unknown>
  }[]
}

/** Rows that have one of these reasons: known from the pass that counts the decisions. */
export interface CountedReasons extends Told {
  readonly by: 'reasons'
  readonly reasons: readonly ReasonCode[]
}

/** A query of its own, for tables that not every version has and for what must be grouped. */
export interface CountedQuery extends Told {
  readonly by: 'query'
  /** Tables that are looked into beside the relations. */
  readonly tables?: readonly string[]
  /** undefined: nothing can be asked of this source. */
  readonly query: (subject: Subject) => RawBuilder<GroupRow> | undefined
}

/** How a finding is counted in the source. */
export type Counting = CountedRows | CountedReasons | CountedQuery
