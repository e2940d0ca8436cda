import { sql } from 'kysely'
import { RELATIONS } from '../../../accounts/relations.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { AccountDecision } from '../../batch.ts'
import { type AccountChange, CONFLICTS, type ConflictCode, type RowChanges } from '../../changes.ts'
import { uuidToUlid } from '../config/ulid.ts'
import type { RowAction } from './settle-rows.ts'
import { ACCOUNT, planned, type Workspace } from './workspace.ts'

interface SettledAccount {
  readonly ordinal: number
  readonly conflict: ConflictCode | null
  /** The MAS user, a UUID. */
  readonly inTheWay: string | null
  readonly user: RowAction | null
  /** Per relation: its position in RELATIONS, then create, update, remove, unchanged, theirs, foreign. */
  readonly rows: readonly (readonly [number, number, number, number, number, number, number])[] | null
}

/** What was settled for the active accounts, in the order of the batch. */
export const readChanges = async (
  { client, tables }: Workspace,
  accounts: readonly AccountDecision[],
): Promise<readonly AccountChange[]> => {
  const [users] = tables
  if (users === undefined) return []
  const counted = tables.map(
    (table) => sql`
      SELECT owner, ${sql.lit(RELATIONS.indexOf(table.shape.relation))} AS relation, action FROM ${planned(table)}`,
  )
  const settled = await run<SettledAccount>(
    client,
    sql`
      WITH per_relation AS (
        SELECT
          owner,
          relation,
          count(*) FILTER (WHERE action = 'create') AS creates,
          count(*) FILTER (WHERE action = 'update') AS updates,
          count(*) FILTER (WHERE action = 'remove') AS removes,
          count(*) FILTER (WHERE action = 'unchanged') AS unchanged,
          count(*) FILTER (WHERE action = 'theirs') AS theirs,
          count(*) FILTER (WHERE action = 'foreign') AS foreigns
        FROM (${sql.join(counted, sql` UNION ALL `)}) counted
        WHERE action NOT IN ('ignored', 'forget', 'held')
        GROUP BY owner, relation
      ),
      per_account AS (
        SELECT
          owner,
          json_agg(
            json_build_array(relation, creates, updates, removes, unchanged, theirs, foreigns) ORDER BY relation
          ) AS rows
        FROM per_relation
        GROUP BY owner
      )
      SELECT a.ordinal, a.conflict, a.in_the_way::text AS "inTheWay", u.action AS user, r.rows
      FROM ${ACCOUNT} a
      LEFT JOIN ${planned(users)} u ON u.owner = a.owner
      LEFT JOIN per_account r ON r.owner = a.owner
      WHERE a.is_active
      ORDER BY a.ordinal
    `,
  )
  return settled.map((one) => {
    const decision = accounts[one.ordinal]
    if (decision === undefined) throw new Syn2opError('internal', `The batch has no account ${one.ordinal}`)
    return accountChange(decision, one)
  })
}

const accountChange = (decision: AccountDecision, settled: SettledAccount): AccountChange => {
  const { mxid } = decision
  if (settled.conflict !== null) {
    return { mxid, change: 'conflict', reason: settled.conflict, against: inTheWay(settled), rows: [] }
  }
  const rows = (settled.rows ?? []).map(rowChanges)
  if (decision.decision === 'migrate') {
    const changed = rows.some(({ create, update, remove }) => create + update + remove > 0)
    return { mxid, change: settled.user === 'create' ? 'create' : changed ? 'update' : 'unchanged', rows }
  }
  const reason = decision.decision === 'hold back' ? { reason: decision.reason } : {}
  if (settled.user === 'remove') return { mxid, change: 'remove', ...reason, rows }
  return { mxid, change: decision.decision === 'gone' ? 'unchanged' : 'hold back', ...reason, rows }
}

/** Who has what the account wants. */
const inTheWay = ({ inTheWay: user }: SettledAccount): string =>
  user === null ? 'a link of MAS that no user has yet' : `MAS user ${uuidToUlid(user)}`

/** The message of a conflict's outcome. */
export const conflictMessage = ({ reason, against }: AccountChange): string | undefined => {
  const text = Object.entries(CONFLICTS).find(([code]) => code === reason)?.[1]
  return text === undefined ? undefined : `${text}: ${against ?? 'somebody'}`
}

const rowChanges = ([relation, create, update, remove, unchanged, theirs, foreign]: NonNullable<
  SettledAccount['rows']
>[number]): RowChanges => {
  const name = RELATIONS[relation]
  if (name === undefined) throw new Syn2opError('internal', `There is no relation ${relation}`)
  return { relation: name, create, update, remove, unchanged, theirs, foreign }
}
