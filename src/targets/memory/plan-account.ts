import type { Account } from '../../accounts/account.ts'
import type { Relation } from '../../accounts/relations.ts'
import type { AccountDecision } from '../batch.ts'
import type { AccountChange, ChangeKind, ConflictCode } from '../changes.ts'
import { countRows, type RowAction } from '../row-changes.ts'
import type { MemoryPeople } from './people.ts'
import { digestOf, type MemoryRow, rowId, rowsOf } from './rows.ts'

interface PlannedRow {
  readonly id: string
  readonly relation: Relation
  readonly action: RowAction
  /** Absent where it is to be removed. */
  readonly row?: MemoryRow
}

/** What would be done with one account, and with which rows. */
export interface PlannedAccount {
  readonly change: AccountChange
  readonly rows: readonly PlannedRow[]
}

/** The change of an account that is wanted at the target. */
export const planAccount = (people: MemoryPeople, account: Account): PlannedAccount => {
  const wanted = rowsOf(account)
  const conflict = findConflict(people, wanted)
  if (conflict !== undefined) {
    return { change: { mxid: account.mxid, change: 'conflict', rows: [], ...conflict }, rows: [] }
  }
  const ids = new Set(wanted.map(rowId))
  const rows: readonly PlannedRow[] = [
    ...wanted.map((row) => ({ id: rowId(row), relation: row.relation, row, action: actionFor(people, row) })),
    ...written(people, account.mxid).filter(({ id }) => !ids.has(id)),
  ]
  return planned(account.mxid, rows)
}

/** The change of an account that is gone from the source, or held back. */
export const planAbsence = (
  people: MemoryPeople,
  decision: Exclude<AccountDecision, { readonly decision: 'migrate' }>,
): PlannedAccount => {
  const rows = written(people, decision.mxid)
  const { mxid } = decision
  const reason = decision.decision === 'hold back' ? { reason: decision.reason } : {}
  const change: ChangeKind =
    rows.length === 0
      ? decision.decision === 'gone'
        ? 'unchanged'
        : 'hold back'
      : rows.every(({ action }) => action === 'remove')
        ? 'remove'
        : 'unchanged'
  const kept = change === 'remove' ? rows : rows.map((one) => ({ ...one, action: 'theirs' as const }))
  return { change: { mxid, change, rows: countRows(kept), ...reason }, rows: kept }
}

const planned = (mxid: string, rows: readonly PlannedRow[]): PlannedAccount => {
  const own = rows.find(({ relation }) => relation === 'account')
  const writes = rows.some(({ action }) => action === 'create' || action === 'update' || action === 'remove')
  const change = own?.action === 'create' ? 'create' : writes ? 'update' : 'unchanged'
  return { change: { mxid, change, rows: countRows(rows) }, rows }
}

const actionFor = (people: MemoryPeople, row: MemoryRow): RowAction => {
  const id = rowId(row)
  const present = people.rows.get(id)
  const base = people.written.get(id)
  // Rows that we wrote and that are no longer there were removed by the account's owner.
  if (present === undefined) return base === undefined ? 'create' : base.mxid === row.mxid ? 'theirs' : 'create'
  if (digestOf(present) === digestOf(row)) return 'unchanged'
  if (base === undefined) return 'foreign'
  return base.digest === digestOf(present) ? 'update' : 'theirs'
}

/** Rows that we wrote of an account, seen as wanted no longer. */
const written = (people: MemoryPeople, mxid: string): readonly PlannedRow[] =>
  [...people.written].flatMap(([id, base]) => {
    const present = people.rows.get(id)
    if (base.mxid !== mxid || present === undefined) return []
    return [{ id, relation: base.relation, action: digestOf(present) === base.digest ? 'remove' : 'theirs' } as const]
  })

const CONFLICT_OF: Readonly<Partial<Record<Relation, ConflictCode>>> = {
  account: 'username_taken',
  external_id: 'identity_taken',
  access_token: 'token_taken',
  refresh_token: 'token_taken',
}

const findConflict = (
  people: MemoryPeople,
  wanted: readonly MemoryRow[],
): { readonly reason: ConflictCode; readonly against: string } | undefined => {
  for (const row of wanted) {
    const id = rowId(row)
    const present = people.rows.get(id)
    const code = CONFLICT_OF[row.relation]
    if (present !== undefined && code !== undefined && !people.written.has(id)) {
      return { reason: code, against: present.mxid }
    }
    const namesake = row.relation === 'account' ? namesakeOf(people, row) : undefined
    if (namesake !== undefined) return { reason: 'username_taken', against: namesake }
    const holder = row.relation === 'threepid' ? holderOf(people, row) : undefined
    if (holder !== undefined) return { reason: 'email_taken', against: holder }
  }
  return undefined
}

/** Somebody else who has the username and got it without us. */
const namesakeOf = (people: MemoryPeople, { mxid, value }: MemoryRow): string | undefined => {
  if (value['username'] === undefined) return undefined
  for (const [id, other] of people.rows) {
    if (other.relation !== 'account' || other.mxid === mxid || people.written.has(id)) continue
    if (usernameOf(other.value) === usernameOf(value)) return other.mxid
  }
  return undefined
}

const usernameOf = (value: MemoryRow['value']): unknown => value['username'] ?? value['localpart']

/** Somebody else who has an e-mail and got it without us. */
const holderOf = (people: MemoryPeople, { mxid, value }: MemoryRow): string | undefined => {
  if (value['medium'] !== 'email') return undefined
  for (const [id, other] of people.rows) {
    if (other.relation !== 'threepid' || other.mxid === mxid || people.written.has(id)) continue
    if (other.value['medium'] === 'email' && other.value['address'] === value['address']) return other.mxid
  }
  return undefined
}
