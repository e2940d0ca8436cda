import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { MAS_CATALOGUE, MAS_WRITTEN_TABLES, masTable } from '../database/catalogue.ts'
import type { PresentTable } from '../database/inspection.ts'
import { listed } from './words.ts'

const MIGRATE = 'Run `mas-cli database migrate` with the same configuration.'
const OTHER_SYN2OP = `Use a syn2op made for this version of MAS (this one knows ${MAS_CATALOGUE.product}).`

/** Columns as they must be for a row to be written in binary form, against what is there. */
const columnDifferences = (table: PresentTable) => {
  const wanted = masTable(table.name).columns
  const named = (name: string): string => `${table.name}.${name}`
  const unknown = table.columns.filter(({ name }) => !wanted.some((column) => column.name === name))
  const both = wanted.flatMap((column) => {
    const present = table.columns.find(({ name }) => name === column.name)
    return present ? [{ column, present }] : []
  })
  return {
    missing: wanted
      .filter(({ name }) => !table.columns.some((present) => present.name === name))
      .map(({ name }) => named(name)),
    required: [
      ...unknown.filter(({ nullable, filledByItself }) => !nullable && !filledByItself).map(({ name }) => named(name)),
      ...both
        .filter(({ column, present }) => column.nullable && !present.nullable)
        .map(({ column }) => named(column.name)),
    ],
    unknown: unknown
      .filter(({ nullable, filledByItself }) => nullable || filledByItself)
      .map(({ name }) => named(name)),
    types: both
      .filter(({ column, present }) => column.type !== present.type)
      .map(({ column, present }) => `${named(column.name)} (${present.type} instead of ${column.type})`),
  }
}

/** Whether rows with the columns of the catalogue fit into the tables that are there. */
export const checkColumns = (tables: readonly PresentTable[]): readonly Finding[] => {
  const written: readonly string[] = MAS_WRITTEN_TABLES
  const differences = tables.filter(({ name }) => written.includes(name)).map(columnDifferences)
  const missing = differences.flatMap((one) => one.missing)
  const required = differences.flatMap((one) => one.required)
  const unknown = differences.flatMap((one) => one.unknown)
  const types = differences.flatMap((one) => one.types)
  const about = (columns: readonly string[], message: string, remedy: readonly string[]) => ({
    message: `${message}: ${listed(columns)}.`,
    count: columns.length,
    samples: columns,
    remedy,
  })
  return [
    ...(missing.length > 0
      ? [finding('MAS_COLUMN_MISSING', about(missing, "MAS's tables lack columns", [MIGRATE, OTHER_SYN2OP]))]
      : []),
    ...(required.length > 0
      ? [
          finding(
            'MAS_COLUMN_REQUIRED',
            about(required, 'MAS wants values in columns that syn2op would leave NULL', [OTHER_SYN2OP]),
          ),
        ]
      : []),
    ...(types.length > 0
      ? [finding('MAS_COLUMN_TYPE', about(types, 'Columns of MAS have other types', [OTHER_SYN2OP]))]
      : []),
    ...(unknown.length > 0
      ? [
          finding(
            'MAS_COLUMN_UNKNOWN',
            about(unknown, 'MAS has columns that stay at their default', ["Read MAS's release notes."]),
          ),
        ]
      : []),
  ]
}
