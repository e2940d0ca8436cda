import pg from 'pg'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { MAS_CATALOGUE, MAS_WRITTEN_TABLES, type MasTable } from '../database/catalogue.ts'
import type { MasInspection, OtherSession } from '../database/inspection.ts'
import { checkRecord, checkRowsPresent, checkUpgrades, type Road, startAgain } from './rows-present.ts'
import { listed } from './words.ts'

const OLDEST_POSTGRES = 140_000
const TOOLS = /^(psql|pg_dump|pg_dumpall|pg_restore|pg_activity|pgadmin|dbeaver|datagrip|postgres_exporter)\b/i

interface BeforeRun {
  /** What the run is about to do; without it, a load. */
  readonly road?: Road
  /** The run that filled MAS and ended before its rows were on record. */
  readonly unrecorded?: string
  /** Versions of MAS's schema migrations when the copy was made that stands aside. */
  readonly migrationsOfCopy?: readonly number[]
}

const name = pg.escapeIdentifier

const written: readonly string[] = MAS_WRITTEN_TABLES

const pointsAtWritten = ({ constraints }: MasTable): boolean =>
  constraints.some(({ references }) => references !== undefined && written.includes(references))

/** Tables that are moved or whose keys are dropped and made again: those written, and those that point at them. */
const TO_OWN = MAS_CATALOGUE.tables
  .filter((table) => table.role === 'written' || pointsAtWritten(table))
  .map((table) => table.name)

/** Tables that are none of those, but that keys of written tables, which are made again, point at. */
const TO_REFERENCE = MAS_CATALOGUE.tables
  .filter((table) => table.role === 'written')
  .flatMap(({ constraints }) => constraints.flatMap(({ references }) => references ?? []))
  .filter((table) => !TO_OWN.includes(table))

const server = ({ serverVersion, serverVersionNumber, encoding, inRecovery }: MasInspection): readonly Finding[] => [
  ...(serverVersionNumber < OLDEST_POSTGRES
    ? [
        finding('MAS_POSTGRES_TOO_OLD', {
          message: `MAS's database runs on PostgreSQL ${serverVersion}; version 14 or later is needed.`,
          remedy: ['Upgrade the PostgreSQL server.'],
        }),
      ]
    : []),
  ...(encoding === 'UTF8'
    ? []
    : [
        finding('MAS_ENCODING', {
          message: `MAS's database has the encoding ${encoding} instead of UTF8.`,
          remedy: ["Create it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;"],
        }),
      ]),
  ...(inRecovery
    ? [
        finding('MAS_READ_ONLY', {
          message: "MAS's database is a standby, which cannot be written to.",
          remedy: ["Name the primary server under `database` in MAS's configuration."],
        }),
      ]
    : []),
]

const importer = (inspection: MasInspection): readonly Finding[] => {
  const { importerTables } = inspection
  if (importerTables.length === 0) return []
  return [
    finding('MAS_IMPORTER_LEFTOVERS', {
      message: `An interrupted run of mas-cli syn2mas left ${counted(importerTables.length, 'table', 'tables')} behind: ${listed(importerTables)}.`,
      count: importerTables.length,
      samples: importerTables,
      remedy: startAgain(inspection),
    }),
  ]
}

const describeSession = ({ user, applicationName, client, count }: OtherSession): string =>
  `${count} × ${user}${applicationName === undefined ? '' : ` (${applicationName})`}${client === undefined ? '' : ` from ${client}`}`

const sessions = ({ otherSessions, database }: MasInspection, road: Road): readonly Finding[] => {
  const look = `SELECT pid, usename, application_name, client_addr FROM pg_stat_activity WHERE datname = ${pg.escapeLiteral(database)};`
  const isTool = ({ applicationName }: OtherSession): boolean => TOOLS.test(applicationName ?? '')
  const about = (ones: readonly OtherSession[], message: string, remedy: string) => ({
    message: `${message}: ${ones.map(describeSession).join(', ')}.`,
    count: ones.reduce((sum, { count }) => sum + count, 0),
    samples: ones.map(describeSession),
    remedy: [remedy, `To see them: ${look}`],
  })
  const programs = otherSessions.filter((session) => !isTool(session))
  const tools = otherSessions.filter(isTool)
  return [
    ...(programs.length > 0
      ? [
          road === 'merge'
            ? finding(
                'MAS_IN_USE',
                about(
                  programs,
                  "Somebody works with MAS's database",
                  'Nothing to do. MAS may run while syn2op adds to it.',
                ),
              )
            : finding(
                'MAS_RUNNING',
                about(
                  programs,
                  "Somebody is connected to MAS's database",
                  'Stop MAS, its worker too, and whatever else uses its database.',
                ),
              ),
        ]
      : []),
    ...(tools.length > 0
      ? [
          finding(
            'MAS_TOOLS_CONNECTED',
            about(tools, "An administration tool is connected to MAS's database", 'Close it before the migration.'),
          ),
        ]
      : []),
  ]
}

/** A merge writes rows and keeps its journal in a schema of its own. */
const mergePrivileges = ({ user, database, mayCreateInDatabase, tables }: MasInspection): readonly Finding[] => {
  const closed = tables.filter((table) => written.includes(table.name) && !(table.writable && table.readable))
  const names = closed.map((table) => `${name(table.schema)}.${name(table.name)}`)
  const lacks = [
    ...(mayCreateInDatabase ? [] : [`CREATE on the database ${database}`]),
    ...(closed.length > 0 ? [`SELECT, INSERT, UPDATE and DELETE on ${listed(closed.map((table) => table.name))}`] : []),
  ]
  if (lacks.length === 0) return []
  return [
    finding('MAS_PRIVILEGES', {
      message: `The role ${user} lacks in MAS's database: ${lacks.join('; ')}.`,
      count: lacks.length,
      samples: lacks,
      remedy: [
        ...(mayCreateInDatabase ? [] : [`GRANT CREATE ON DATABASE ${name(database)} TO ${name(user)};`]),
        ...(names.length > 0 ? [`GRANT SELECT, INSERT, UPDATE, DELETE ON ${names.join(', ')} TO ${name(user)};`] : []),
      ],
    }),
  ]
}

const hiddenRows = ({ tables, user }: MasInspection): readonly Finding[] => {
  const hidden = tables.filter((table) => table.filtered === true).map((table) => table.name)
  if (hidden.length === 0) return []
  return [
    finding('MAS_ROW_SECURITY', {
      message: `A row-level security policy hides rows of ${listed(hidden)} from the role ${user}.`,
      count: hidden.length,
      samples: hidden,
      remedy: [`ALTER ROLE ${name(user)} BYPASSRLS;`, 'Or use the role that owns the tables.'],
    }),
  ]
}

const privileges = (inspection: MasInspection, road: Road): readonly Finding[] => {
  if (road === 'merge') return mergePrivileges(inspection)
  const { user, database, schema, mayCreateInDatabase, mayCreateInSchema, tables } = inspection
  const foreign = tables.filter((table) => TO_OWN.includes(table.name) && !table.owned)
  const owners = [...new Set(foreign.map(({ owner }) => owner))]
  const closed = tables.filter(
    (table) => TO_REFERENCE.includes(table.name) && !table.referencable && !owners.includes(table.owner),
  )
  const lacks = [
    ...(mayCreateInDatabase ? [] : [`CREATE on the database ${database}`]),
    ...(mayCreateInSchema || schema === undefined ? [] : [`CREATE on the schema ${schema}`]),
    ...(foreign.length > 0 ? [`ownership of ${listed(foreign.map((table) => table.name))}`] : []),
    ...(closed.length > 0 ? [`REFERENCES on ${listed(closed.map((table) => table.name))}`] : []),
  ]
  if (lacks.length === 0) return []
  return [
    finding('MAS_PRIVILEGES', {
      message: `The role ${user} lacks in MAS's database: ${lacks.join('; ')}.`,
      count: lacks.length,
      samples: lacks,
      remedy: [
        ...(mayCreateInDatabase ? [] : [`GRANT CREATE ON DATABASE ${name(database)} TO ${name(user)};`]),
        ...(mayCreateInSchema || schema === undefined
          ? []
          : [`GRANT CREATE ON SCHEMA ${name(schema)} TO ${name(user)};`]),
        ...closed.map((table) => `GRANT REFERENCES ON ${name(table.schema)}.${name(table.name)} TO ${name(user)};`),
        ...owners.map((owner) => `GRANT ${name(owner)} TO ${name(user)};`),
        ...(owners.length > 0 ? [`Or use the role ${owners.join(' or ')} itself, with which MAS connects.`] : []),
      ],
    }),
  ]
}

/** Whether a migration may begin in this database now: server, emptiness, who else is there, what we may do. */
export const checkDatabaseState = (
  inspection: MasInspection,
  { road = 'load', unrecorded, migrationsOfCopy }: BeforeRun,
): readonly Finding[] => [
  ...server(inspection),
  ...importer(inspection),
  ...checkRowsPresent(inspection, road),
  ...checkRecord(road, unrecorded),
  ...checkUpgrades(inspection, road, migrationsOfCopy),
  ...sessions(inspection, road),
  ...hiddenRows(inspection),
  ...privileges(inspection, road),
]
