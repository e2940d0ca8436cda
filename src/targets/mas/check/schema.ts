import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { LAST_KNOWN_MIGRATION, MAS_CATALOGUE, MAS_WRITTEN_TABLES } from '../database/catalogue.ts'
import type { MasInspection } from '../database/inspection.ts'
import { STAGING_SCHEMA } from '../load/journal.ts'
import { checkAdditions } from './additions.ts'
import { checkColumns } from './columns.ts'
import { newerMigrations } from './newer-migrations.ts'
import { groupedBy, listed } from './words.ts'

const NEEDED_TABLES: readonly string[] = [...MAS_WRITTEN_TABLES, 'upstream_oauth_providers']
const MIGRATE = 'Run `mas-cli database migrate` with the same configuration.'

const missingTables = ({ tables, elsewhere }: MasInspection): readonly Finding[] => {
  const missing = NEEDED_TABLES.filter((name) => !tables.some((table) => table.name === name))
  const moved = elsewhere.filter(({ table }) => missing.includes(table))
  const gone = missing.filter((name) => !moved.some(({ table }) => table === name))
  const findings: Finding[] = []
  for (const [schema, ones] of groupedBy(moved, (one) => one.schema)) {
    const interrupted = schema === STAGING_SCHEMA
    findings.push(
      finding('MAS_TABLES_ELSEWHERE', {
        message: interrupted
          ? `A run of syn2op was interrupted: it has set ${counted(ones.length, 'table', 'tables')} of MAS aside in the schema ${schema}.`
          : `The search path of our role does not lead to the schema ${schema}, which has ${counted(ones.length, 'table', 'tables')} of MAS.`,
        count: ones.length,
        samples: ones.map(({ table }) => table),
        remedy: interrupted
          ? ['Run `syn2op migrate` again: it first takes back what the interrupted run left.']
          : [`Make ${schema} the first schema of the search path, or name the right database.`],
      }),
    )
  }
  if (gone.length > 0) {
    findings.push(
      finding('MAS_SCHEMA_MISSING', {
        message:
          gone.length === NEEDED_TABLES.length
            ? "The database has none of MAS's tables."
            : `The database lacks ${counted(gone.length, 'table', 'tables')} of MAS: ${listed(gone)}.`,
        count: gone.length,
        samples: gone,
        remedy: [MIGRATE],
      }),
    )
  }
  return findings
}

const migrationFindings = ({ migrations }: MasInspection): readonly Finding[] => {
  if (!migrations) {
    return [
      finding('MAS_SCHEMA_MISSING', {
        message: "MAS's list of schema migrations (_sqlx_migrations) is missing, or our role may not read it.",
        samples: ['_sqlx_migrations'],
        remedy: [MIGRATE],
      }),
    ]
  }
  const known = MAS_CATALOGUE.migrations.map(({ version }) => version)
  const pending = known.filter((version) => !migrations.versions.includes(version))
  const newer = newerMigrations(migrations)
  const findings: Finding[] = []
  if (migrations.failed.length > 0) {
    findings.push(
      finding('MAS_MIGRATION_FAILED', {
        message: `MAS did not finish ${counted(migrations.failed.length, 'schema migration', 'schema migrations')}: ${listed(migrations.failed.map(String))}.`,
        count: migrations.failed.length,
        samples: migrations.failed.map(String),
        remedy: [
          'Run `mas-cli database migrate`; when it cannot go on, drop and create the database and run it again.',
        ],
      }),
    )
  }
  if (pending.length > 0) {
    findings.push(
      finding('MAS_SCHEMA_TOO_OLD', {
        message: `The database lacks ${counted(pending.length, 'schema migration', 'schema migrations')} of ${MAS_CATALOGUE.product}: ${listed(pending.map(String))}.`,
        count: pending.length,
        samples: pending.slice(0, 3).map(String),
        remedy: [`Run \`mas-cli database migrate\` of ${MAS_CATALOGUE.product} or later.`],
      }),
    )
  }
  if (newer.length > 0) {
    findings.push(
      finding('MAS_SCHEMA_NEWER', {
        message: `The database has ${counted(newer.length, 'schema migration', 'schema migrations')} that this syn2op, whose last is ${LAST_KNOWN_MIGRATION}, does not know.`,
        count: newer.length,
        samples: newer.slice(-3).map(String),
        remedy: ['Look for a newer syn2op. With this one, rehearse the migration on a copy first.'],
      }),
    )
  }
  return findings
}

/** Whether the tables are there, and such that the rows of the catalogue's version fit into them. */
export const checkSchema = (inspection: MasInspection): readonly Finding[] => {
  const missing = missingTables(inspection)
  // Without any table the rest would only say the same again.
  const nothingThere = !inspection.tables.some(({ name }) => NEEDED_TABLES.includes(name))
  if (nothingThere && missing.length > 0) return missing
  return [
    ...missing,
    ...migrationFindings(inspection),
    ...checkColumns(inspection.tables),
    ...checkAdditions(inspection),
  ]
}
