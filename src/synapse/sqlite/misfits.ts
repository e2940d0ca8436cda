import { finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { counted } from '../../report/counted.ts'
import { FIXED_COLUMNS } from '../relations.ts'
import type { MisfitCell } from './copy-rows.ts'
import type { Misfitting } from './fit-cell.ts'

/** Cells of one column that PostgreSQL does not take for one reason. */
export interface Misfits {
  readonly table: string
  readonly column: string
  readonly why: Misfitting
  readonly count: number
  /** The first few of their rows; absent where the table has no rowids. */
  readonly rowids: readonly string[]
}

const SHOWN = 3

/** Counts misfits as they are met; the memory that it takes does not grow with their number. */
export const misfitTally = () => {
  const found = new Map<string, { count: number; rowids: string[] } & Pick<Misfits, 'table' | 'column' | 'why'>>()
  return {
    tell: (table: string, { column, rowid, why }: MisfitCell): void => {
      const key = `${table} ${column} ${why}`
      const one = found.get(key) ?? { table, column, why, count: 0, rowids: [] }
      found.set(key, one)
      one.count++
      if (rowid !== undefined && one.rowids.length < SHOWN) one.rowids.push(rowid)
    },
    all: (): readonly Misfits[] => [...found.values()],
  }
}

/** Columns that only adorn a row: it is carried without them. */
const ADORNING: Readonly<Record<string, readonly string[]>> = { devices: ['display_name', 'ip', 'user_agent'] }

/** Beside the fixed columns: a rule of the mapping may make usernames or attributes of them. */
const ASKED_BY_RULES: Readonly<Record<string, readonly string[]>> = { profiles: ['user_id', 'displayname'] }

/** Whether a decision or a carried value may hang on the column. */
const isNeeded = ({ table, column }: Misfits): boolean => {
  const read: Readonly<Record<string, unknown>> =
    (FIXED_COLUMNS as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[table] ?? {}
  const isRead = Object.hasOwn(read, column) || (ASKED_BY_RULES[table] ?? []).includes(column)
  return isRead && !(ADORNING[table] ?? []).includes(column)
}

const sampleOf = ({ table, column, why, count, rowids }: Misfits): string => {
  const rows = rowids.length === 0 ? '' : `, rowid ${rowids.join(', ')}${count > rowids.length ? ' …' : ''}`
  return `${table}.${column}: ${why}, ${counted(count, 'row', 'rows')}${rows}`
}

const totalOf = (misfits: readonly Misfits[]): number => misfits.reduce((sum, { count }) => sum + count, 0)

/** What an administrator must know of the values that were not staged. Never the value itself. */
export const misfitFindings = (file: string, misfits: readonly Misfits[]): readonly Finding[] => {
  const needed = misfits.filter(isNeeded)
  const adorning = misfits.filter((one) => !isNeeded(one))
  const [first] = needed
  const { table, column, rowids } = first ?? {}
  return [
    ...(needed.length === 0
      ? []
      : [
          finding('SQLITE_VALUES', {
            message: `${counted(totalOf(needed), 'value', 'values')} of ${file} ${totalOf(needed) === 1 ? 'is' : 'are'} nothing that PostgreSQL can hold`,
            count: totalOf(needed),
            samples: needed.map(sampleOf),
            remedy: [
              `Look at them: sqlite3 ${file} 'SELECT rowid, quote("${column}") FROM "${table}" WHERE rowid = ${rowids?.[0] ?? 'N'}'`,
              'With Synapse stopped and a copy of the file put away, write the right value, or delete the row.',
            ],
          }),
        ]),
    ...(adorning.length === 0
      ? []
      : [
          finding('SQLITE_VALUES_LEFT', {
            message: `${counted(totalOf(adorning), 'value', 'values')} of ${file} ${totalOf(adorning) === 1 ? 'is' : 'are'} left empty, since PostgreSQL cannot hold ${totalOf(adorning) === 1 ? 'it' : 'them'}`,
            count: totalOf(adorning),
            samples: adorning.map(sampleOf),
            remedy: ['Accept it, or correct the values in the file with Synapse stopped.'],
          }),
        ]),
  ]
}
