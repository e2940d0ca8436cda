import { sql } from 'kysely'
import type { PlainAccounts } from '../../../../accounts/plain-accounts.ts'
import type { FieldComparison, FieldDifference } from '../../../../report/proof-parts.ts'
import type { MasDatabase } from '../../mas-database.ts'
import { type FieldRow, SECRET_FIELDS } from './field-row.ts'
import { presentRows, readMasRows } from './present-rows.ts'
import { indexSource } from './source-index.ts'
import type { FieldValue } from './values.ts'
import { wantedAccounts } from './wanted-accounts.ts'
import { wantedLinks, wantedPerson } from './wanted-people.ts'
import { wantedSessions } from './wanted-sessions.ts'

/**
 * Compares each field of every row of some accounts: Synapse's plain rows by the rules of what a migrated account
 * looks like, written down a second time without SQL, against MAS's plain rows.
 */
export const compareFields = async (
  database: MasDatabase,
  plain: PlainAccounts,
): Promise<Omit<FieldComparison, 'seed'>> => {
  const { passwordVersion } = database.rows(sql``, 'fast')
  const { serverName } = plain.rules
  const client = await database.open('syn2op verify', 'read-only')
  const usernames = plain.mxids.map((mxid) => mxid.slice(1, mxid.lastIndexOf(`:${serverName}`)))
  try {
    const rows = await readMasRows(client, await database.schema(), usernames)
    return compareRows(plain.mxids, wantedRows(plain, passwordVersion), presentRows(rows, serverName))
  } finally {
    await client.end()
  }
}

/** Every row of these accounts as MAS should have it. */
export const wantedRows = (plain: PlainAccounts, passwordVersion: number): readonly FieldRow[] => {
  const index = indexSource(plain)
  const accounts = wantedAccounts(plain, index)
  const byName = new Map(accounts.map((account) => [account.mxid, account]))
  return [
    ...accounts
      .filter(({ mxid }) => plain.mxids.includes(mxid))
      .flatMap((account) => [
        ...wantedPerson(account, index, { passwordVersion, emails: plain.rules.emails }),
        ...wantedSessions(account, index, plain.rules.asOf),
      ]),
    ...wantedLinks(plain, byName),
  ]
}

export const compareRows = (
  mxids: readonly string[],
  wanted: readonly FieldRow[],
  present: readonly FieldRow[],
): Omit<FieldComparison, 'seed'> => {
  const there = new Map<string, FieldRow[]>()
  for (const row of present) there.set(keyWithin(row), [...(there.get(keyWithin(row)) ?? []), row])
  const differences: FieldDifference[] = []
  let fields = 0
  for (const row of wanted) {
    const others = there.get(keyWithin(row)) ?? []
    // A key of which there are several rows: the one that is as it should be, if any is.
    const other = others.find((one) => differingFields(row, one).length === 0) ?? others[0]
    fields += Object.keys(row.fields).length
    if (other === undefined) differences.push({ table: row.table, kind: 'missing', row: row.name })
    else {
      others.splice(others.indexOf(other), 1)
      differences.push(...differingFields(row, other).map((field) => differs(row, other, field)))
    }
  }
  for (const { table, name } of [...there.values()].flat()) differences.push({ table, kind: 'extra', row: name })
  return { accounts: mxids.length, rows: wanted.length, fields, differences }
}

const keyWithin = ({ table, key }: FieldRow): string => `${table} ${key}`

const differingFields = (wanted: FieldRow, present: FieldRow): readonly string[] =>
  Object.keys(wanted.fields).filter((field) => wanted.fields[field] !== present.fields[field])

const differs = (wanted: FieldRow, present: FieldRow, field: string): FieldDifference => ({
  table: wanted.table,
  kind: 'differs',
  row: wanted.name,
  field,
  ...(SECRET_FIELDS.includes(field)
    ? {}
    : { wanted: shown(wanted.fields[field]), present: shown(present.fields[field]) }),
})

const shown = (value: FieldValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value)
