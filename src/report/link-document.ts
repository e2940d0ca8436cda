import type { Finding } from '../findings/finding.ts'
import type { NextStep } from './next-steps.ts'

/** What `syn2op link` would write, wrote, or took back. */
export interface LinkDocument {
  readonly kind: 'link'
  readonly format: 1
  readonly syn2op: string
  readonly serverName: string
  /** Of the decision about accounts; ISO 8601, UTC, milliseconds. */
  readonly asOf: string
  /** look: nothing is written to the database. apply: links are, or were, written. undo: those of a run are taken back. */
  readonly action: 'look' | 'apply' | 'undo'
  /** Of what was done; absent while it is only shown. */
  readonly runId?: string
  /** The run whose links are taken back. */
  readonly takesBack?: string
  /** Where links are written: product, and user@host:port/database. */
  readonly to: { readonly product: 'Synapse' | 'MAS'; readonly location: string; readonly table: string }
  /** By which people log in; absent where none or several lead to the Keycloak. */
  readonly provider?: { readonly id: string; readonly name: string }
  /** Only the accounts of this cohort. */
  readonly cohort?: string
  /** Accounts to be linked; of an undo, links that the run wrote. */
  readonly accounts: number
  readonly links?: LinkCounts
  /** Files of SQL: what would write the links, and what takes them back. */
  readonly files?: { readonly link: string; readonly unlink: string }
  readonly findings: readonly Finding[]
  readonly next: readonly NextStep[]
  readonly milliseconds?: number
}

/** What becomes, or became, of the links; where a number is absent there are none of that kind. */
export interface LinkCounts {
  /** To be written. */
  readonly write?: number
  /** There already, as they should be. */
  readonly there?: number
  readonly conflicts?: number
  /** Of accounts that are not where the links lead to. */
  readonly missing?: number
  readonly written?: number
  /** Something came in their way after they had been looked at. */
  readonly leftOut?: number
  readonly removed?: number
  /** Taken away by somebody else since. */
  readonly gone?: number
  /** Somebody has logged in by them since: they stay. */
  readonly used?: number
  /** Another link stands in their place: it stays. */
  readonly changed?: number
}
