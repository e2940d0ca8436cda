import { finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import type { ServerDescription } from '../postgres/describe-server.ts'
import { counted } from '../report/counted.ts'
import type { SourceActivity } from './activity.ts'
import type { SourceCatalogue } from './catalogue.ts'
import { FIXED_COLUMNS, REQUIRED_COLUMNS, REQUIRED_TABLES } from './relations.ts'
import type { SourceState } from './state.ts'

/** PostgreSQL 14: the first with hash_record_extended and bit_xor. */
const OLDEST_POSTGRES = 140_000

/** Synapse 1.129 to 1.142 have schema 92; MAS needs 1.136. */
const SCHEMA_OF_1_129 = 92

export interface SourceFacts {
  readonly server: ServerDescription
  readonly catalogue: SourceCatalogue
  readonly state: SourceState
  readonly activity: SourceActivity
}

/** What is wrong with, or noteworthy about, the source as a whole. Pure: the facts are read elsewhere. */
export const checkSource = (facts: SourceFacts): readonly Finding[] => [
  ...checkServer(facts.server),
  ...checkTables(facts),
  ...checkState(facts),
  ...checkActivity(facts.activity),
]

const checkServer = ({ version, versionNum, encoding, database }: ServerDescription): readonly Finding[] => [
  ...(versionNum < OLDEST_POSTGRES
    ? [
        finding('SYNAPSE_POSTGRES_TOO_OLD', {
          message: `Synapse's database is on PostgreSQL ${version}; syn2op needs 14 or later`,
          remedy: ['Upgrade the server, or restore a copy of the database on a newer one and name that.'],
        }),
      ]
    : []),
  ...(encoding === 'UTF8'
    ? []
    : [
        finding('SYNAPSE_ENCODING', {
          message: `The database ${database} is encoded in ${encoding}, not UTF8`,
          remedy: ['Move Synapse to a database with ENCODING UTF8, as its documentation says.'],
        }),
      ]),
]

const checkTables = ({ catalogue, state, server }: SourceFacts): readonly Finding[] => {
  const missing = REQUIRED_TABLES.flatMap((table) => {
    const columns = catalogue.tables.get(table)
    if (columns === undefined) return [table]
    return (REQUIRED_COLUMNS[table] ?? [])
      .filter((column) => !columns.has(column))
      .map((column) => `${table}.${column}`)
  })
  const known = Object.keys(FIXED_COLUMNS)
  const unreadable = state.unreadable.filter((table) => known.includes(table))
  const filtered = state.filtered.filter((table) => known.includes(table))
  return [
    ...(missing.length > 0
      ? [
          finding('SYNAPSE_TABLES_MISSING', {
            message: `${counted(missing.length, "table or column of Synapse's is", "tables or columns of Synapse's are")} missing in ${server.database}: ${missing.join(', ')}`,
            count: missing.length,
            samples: missing.slice(0, 3),
            remedy: ['Look whether the database, and the search path of the role, are the ones that Synapse uses.'],
          }),
        ]
      : []),
    ...(unreadable.length > 0
      ? [
          finding('SYNAPSE_NOT_READABLE', {
            message: `The role ${server.user} may not read ${unreadable.join(', ')}`,
            count: unreadable.length,
            samples: unreadable.slice(0, 3),
            remedy: [
              `GRANT USAGE ON SCHEMA "${catalogue.schema}" TO "${server.user}";`,
              `GRANT SELECT ON ${unreadable.map((table) => `"${catalogue.schema}"."${table}"`).join(', ')} TO "${server.user}";`,
            ],
          }),
        ]
      : []),
    ...(filtered.length > 0
      ? [
          finding('SYNAPSE_ROW_SECURITY', {
            message: `A row-level security policy hides rows of ${filtered.join(', ')} from the role ${server.user}`,
            count: filtered.length,
            samples: filtered.slice(0, 3),
            remedy: [`ALTER ROLE "${server.user}" BYPASSRLS;`, 'Or use the role that owns the tables.'],
          }),
        ]
      : []),
  ]
}

const checkState = ({ state }: SourceFacts): readonly Finding[] => [
  ...(state.backgroundUpdates.length > 0
    ? [
        finding('SYNAPSE_BACKGROUND_UPDATES', {
          message: `${counted(state.backgroundUpdates.length, 'background update of Synapse is', 'background updates of Synapse are')} pending`,
          count: state.backgroundUpdates.length,
          samples: state.backgroundUpdates.slice(0, 3),
          remedy: [
            'Let Synapse run until the table background_updates is empty: SELECT update_name FROM background_updates;',
          ],
        }),
      ]
    : []),
  ...(state.schemaVersion !== undefined && state.schemaVersion < SCHEMA_OF_1_129
    ? [
        finding('SYNAPSE_TOO_OLD_FOR_MAS', {
          message: `Synapse's schema is version ${state.schemaVersion}, of a Synapse older than 1.129; MAS needs 1.136 or later`,
          remedy: ['Upgrade Synapse to 1.136 or later before the migration, and let its background updates finish.'],
        }),
      ]
    : []),
]

/** Whether Synapse seems to be at work. */
export const checkActivity = ({ connections, signs = [], transactions }: SourceActivity): readonly Finding[] => {
  if (signs.length > 0) {
    return [
      finding('SYNAPSE_RUNNING', {
        message: 'Synapse seems to be running: somebody uses its SQLite file',
        count: signs.length,
        samples: signs.slice(0, 3),
        remedy: [
          'Stop Synapse, and whatever else has the file open. One that was killed left its log: start it and stop it once.',
          'For a rehearsal: --accept SYNAPSE_RUNNING',
        ],
      }),
    ]
  }
  if (connections.length > 0) {
    return [
      finding('SYNAPSE_RUNNING', {
        message: `Synapse seems to be running: ${counted(connections.length, 'other connection uses', 'other connections use')} its database`,
        count: connections.length,
        samples: connections.slice(0, 3),
        remedy: [
          'Stop Synapse and all its workers, and whatever else writes to its database.',
          'For a rehearsal: --accept SYNAPSE_RUNNING',
        ],
      }),
    ]
  }
  if (transactions === 0) return []
  return [
    finding('SYNAPSE_SERVER_BUSY', {
      message: `Nobody else is connected to Synapse's database, but its server began ${counted(transactions, 'transaction', 'transactions')} meanwhile`,
      count: transactions,
      remedy: ['Make sure that Synapse is stopped; another database of the same server explains it as well.'],
    }),
  ]
}
