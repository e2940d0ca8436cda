import type { ExplainedRow } from './explanation.ts'
import type { Unreached } from './runs-document.ts'

/** A rule of the mapping: its dotted path, and its line where it stands in the file. */
export interface NamedRule {
  readonly rule: string
  readonly line?: number
}

/** What somebody should look at again: a rule that matches nothing, or not what it seems to be for. */
export interface MappingRemark extends NamedRule {
  readonly severity: 'warning' | 'notice'
  readonly message: string
  /** A few Matrix ids. */
  readonly samples?: readonly string[]
}

export interface MappingCheckDocument {
  readonly kind: 'mapping-check'
  readonly format: 1
  readonly syn2op: string
  readonly mapping: { readonly file: string; readonly sha256: string }
  /** not asked: no configurations of both ends are given, so that the file alone was read. */
  readonly databases: 'asked' | 'not asked' | Unreached
  readonly remarks: readonly MappingRemark[]
}

/** An address or identity of an account. */
export interface TestedRow {
  readonly row: Extract<ExplainedRow, { readonly relation: 'threepid' | 'external_id' }>
  /** Of an identity that is carried: the provider of the target, by the name that the mapping uses. */
  readonly provider?: string
  readonly by?: NamedRule
}

/** What the rules make of one account. */
export interface TestedAccount {
  readonly mxid: string
  /** Absent: the source has no account of this name. */
  readonly decision?: 'migrate' | 'hold back'
  readonly reason?: string
  /** The rule that holds it back, where one does. */
  readonly by?: NamedRule
  /** As the rules have it now. */
  readonly cohort?: NamedRule & { readonly name: string }
  /** Of an account that migrates. */
  readonly username?: string
  readonly primaryEmail?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly rows: readonly TestedRow[]
}

export interface MappingTestDocument {
  readonly kind: 'mapping-test'
  readonly format: 1
  readonly syn2op: string
  readonly mapping: { readonly file: string; readonly sha256: string }
  readonly accounts: readonly TestedAccount[]
}
