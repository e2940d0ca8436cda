import type { Relation } from '../../accounts/relations.ts'
import type { PlannedRow } from '../row-changes.ts'

/** What decides how many rows an account has at a target. */
export interface CountedRows {
  readonly passwordHash?: string
  readonly threepids: readonly unknown[]
  readonly links: readonly unknown[]
  readonly leftThreepids: number
  readonly leftLinks: readonly unknown[]
}

/** Every row of an account that is to be made, those that have no place among them. */
export const newAccountRows = (wanted: CountedRows): readonly PlannedRow[] => [
  { relation: 'account', action: 'create' },
  ...(wanted.passwordHash === undefined ? [] : [{ relation: 'password', action: 'create' } as const]),
  ...rows('threepid', 'create', wanted.threepids.length),
  ...rows('external_id', 'create', wanted.links.length),
  ...leftRows(wanted),
]

/** Rows for which a target has no place: told, since nothing is left out silently. */
export const leftRows = ({
  leftThreepids,
  leftLinks,
}: Pick<CountedRows, 'leftThreepids' | 'leftLinks'>): readonly PlannedRow[] => [
  ...rows('threepid', 'foreign', leftThreepids),
  ...rows('external_id', 'foreign', leftLinks.length),
]

const rows = (relation: Relation, action: PlannedRow['action'], length: number): readonly PlannedRow[] =>
  Array.from({ length }, () => ({ relation, action }))
