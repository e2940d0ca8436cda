import type { LinkDocument } from '../../report/link-document.ts'
import type { MigrationRequest } from '../request.ts'

export interface LinkWish {
  /** Whether also those are looked at who are still to be brought there. */
  readonly whom: 'migrated' | 'everybody'
  /** apply: they are written. provider: only whom they would lead to, and by what, while their table is not in its place. */
  readonly action: 'look' | 'apply' | 'provider'
  /** Only the accounts of this cohort; absent: of the one that is asked for, if any is. */
  readonly cohort?: string
  /** Warnings that are acknowledged, beside those of the request. */
  readonly accept?: readonly string[]
  /** Warnings that are told, and keep nobody else waiting. */
  readonly tells?: readonly string[]
  /** Whom the target of the logins would not take by its plan, and why, in words; absent: it was not planned. */
  readonly refused?: ReadonlyMap<string, string>
}

/** Two targets that are filled together: one logs people in, the other one has everything else. */
export interface BothRequest {
  readonly logins: MigrationRequest
  readonly accounts: MigrationRequest
  /** Joins the people of both, at the target of the accounts. */
  readonly link: (wish: LinkWish) => Promise<LinkDocument>
}
