import { RELATION_NAMES } from '../../../accounts/relations.ts'
import { formatCount } from '../../../terminal/numbers.ts'
import type { RelationCount, TableResult } from '../../documents.ts'
import { reasonText } from '../../words.ts'
import type { FlowLink } from './flow.ts'

/** More reasons than these would be a tangle: the smaller ones become one. The table beside names each. */
const REASONS_SHOWN = 11

/** The reasons that get a block of their own. */
const shownReasons = (relations: readonly RelationCount[]): ReadonlySet<string> => {
  const counts = new Map<string, number>()
  for (const { left } of relations)
    for (const { reason, count } of left) counts.set(reason, (counts.get(reason) ?? 0) + count)
  const ordered = [...counts].toSorted(([, a], [, b]) => b - a).map(([reason]) => reason)
  return new Set(ordered.length <= REASONS_SHOWN + 1 ? ordered : ordered.slice(0, REASONS_SHOWN))
}

/**
 * Into which tables a relation's rows went; where it cannot be told how many went into each, into all of them. A table that
 * got another number of rows is not named by this one alone.
 */
const intoTables = (
  { relation, carried }: RelationCount,
  tables: readonly TableResult[],
  product: string,
): readonly { readonly to: string; readonly count: number }[] => {
  const own = tables.filter((table) => table.relation === relation)
  const rows = own.reduce((sum, table) => sum + table.rows, 0)
  if (own.length > 1 && rows === carried) return own.map(({ table, rows: count }) => ({ to: table, count }))
  if (own.length === 0) return [{ to: product, count: carried }]
  const names = own.map(({ table }) => table).join(', ')
  return [{ to: rows === carried ? names : `${RELATION_NAMES[relation].many} in ${names}`, count: carried }]
}

/**
 * A token of no device gets a session of its own, which is made of no device: the one table that gets more rows than its
 * relation gives.
 */
export const sessionsBeside = ({ relations, tables }: FlowSource): string => {
  const carried = relations.find(({ relation }) => relation === 'session')?.carried ?? 0
  const own = tables.filter(({ relation }) => relation === 'session')
  const more = own.reduce((sum, { rows }) => sum + rows, 0) - carried
  if (more <= 0 || own.length !== 1) return ''
  return ` ${own[0]?.table} got ${formatCount(more, 'session', 'sessions')} more: for tokens without a device.`
}

export interface FlowSource {
  readonly relations: readonly RelationCount[]
  /** What a run wrote; a plan has none yet. */
  readonly tables: readonly TableResult[]
  /** The target's product. */
  readonly product: string
}

/** What goes where: every row that was read, to the target or to why it is left. */
export const flowLinks = ({ relations, tables, product }: FlowSource): readonly FlowLink[] => {
  const shown = shownReasons(relations)
  const others = new Set(
    relations.flatMap(({ left }) => left.flatMap(({ reason }) => (shown.has(reason) ? [] : [reason]))),
  ).size
  return relations.flatMap((one): readonly FlowLink[] => {
    const from = RELATION_NAMES[one.relation].many
    const rest = one.left.reduce((sum, { reason, count }) => sum + (shown.has(reason) ? 0 : count), 0)
    return [
      ...intoTables(one, tables, product).map(({ to, count }) => ({ from, to, count, kind: 'carried' as const })),
      ...one.left
        .filter(({ reason }) => shown.has(reason))
        .map(({ reason, count }) => ({ from, to: reasonText(reason), count, kind: 'left' as const })),
      ...(rest === 0
        ? []
        : [
            {
              from,
              to: formatCount(others, 'other reason', 'other reasons'),
              count: rest,
              kind: 'left' as const,
              last: true as const,
            },
          ]),
    ]
  })
}
