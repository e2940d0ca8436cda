import pg from 'pg'
import { FIXED_COLUMNS } from '../../../src/synapse/relations.ts'
import type { MasConfig } from '../../../src/targets/mas/config/mas-config.ts'
import { MAS_CATALOGUE, MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'

/** The roles as which Synapse's database is read and MAS's is written to. */
export const READER = 'property_check_reader'
export const OWNER = 'property_check_owner'

/** Something that an administrator, a newer version or an accident may have done to either end before a run. */
export interface Disturbance {
  readonly what: string
  /** Statements for the superuser, and what takes them back. */
  readonly source?: (n: number) => readonly [doIt: string, undo: string]
  readonly target?: (n: number, database: string) => readonly [doIt: string, undo: string]
  readonly config?: (config: MasConfig, n: number) => MasConfig
}

const id = pg.escapeIdentifier
const of = <Thing>(things: readonly Thing[], n: number): Thing => {
  const thing = things[n % things.length]
  if (thing === undefined) throw new TypeError('there is nothing to choose from')
  return thing
}

const SOURCE = Object.keys(FIXED_COLUMNS)
const COLUMNS = Object.entries(FIXED_COLUMNS).flatMap(([table, columns]) =>
  Object.keys(columns).map((column) => [table, column] as const),
)
const WRITTEN = MAS_CATALOGUE.tables.filter(({ role }) => role === 'written')
const limits = (role: string) => (): readonly [string, string] => [
  ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    .map((name) => `ALTER ROLE ${role} SET ${name} = '250ms'`)
    .join(';'),
  `ALTER ROLE ${role} RESET ALL`,
]

const somebody = (n: number): readonly [string, string] => [
  `INSERT INTO users (user_id, username, created_at)
   VALUES ('01949999-0000-7000-8000-000000000001', '${of(['ann', 'stranger', 'Bob'], n)}', now())`,
  MAS_WRITTEN_TABLES.toReversed()
    .map((table) => `DELETE FROM ${table}`)
    .join(';'),
]

const AT_SOURCE: readonly Disturbance[] = [
  {
    what: 'a table that may not be read',
    source: (n) => [
      `REVOKE SELECT ON ${of(SOURCE, n)} FROM ${READER}`,
      `GRANT SELECT ON ${of(SOURCE, n)} TO ${READER}`,
    ],
  },
  {
    what: 'a policy that hides rows',
    source: (n) => [
      `ALTER TABLE ${of(SOURCE, n)} ENABLE ROW LEVEL SECURITY`,
      `ALTER TABLE ${of(SOURCE, n)} DISABLE ROW LEVEL SECURITY`,
    ],
  },
  {
    what: 'a column of another version',
    source: (n) => {
      const [table, column] = of(COLUMNS, n)
      return [
        `ALTER TABLE ${table} RENAME COLUMN ${column} TO ${column}_other`,
        `ALTER TABLE ${table} RENAME COLUMN ${column}_other TO ${column}`,
      ]
    },
  },
  {
    what: 'a table of another version',
    source: (n) => [
      `ALTER TABLE ${of(SOURCE, n)} RENAME TO other_table`,
      `ALTER TABLE other_table RENAME TO ${of(SOURCE, n)}`,
    ],
  },
  { what: 'time limits of the reading role', source: limits(READER) },
  {
    what: 'an update that is pending',
    source: () => [
      `INSERT INTO background_updates (update_name, progress_json) VALUES ('pending', '{}')`,
      'DELETE FROM background_updates',
    ],
  },
]

const AT_TARGET: readonly Disturbance[] = [
  { what: 'time limits of the writing role', target: limits(OWNER) },
  {
    what: 'transactions that are read-only',
    target: () => [
      `ALTER ROLE ${OWNER} SET default_transaction_read_only = on`,
      `ALTER ROLE ${OWNER} RESET default_transaction_read_only`,
    ],
  },
  {
    what: 'few connections',
    target: (n) => [`ALTER ROLE ${OWNER} CONNECTION LIMIT ${n % 9}`, `ALTER ROLE ${OWNER} CONNECTION LIMIT -1`],
  },
  {
    what: 'a schema that cannot be made',
    target: (_, database) => [
      `REVOKE CREATE ON DATABASE ${id(database)} FROM ${OWNER}`,
      `GRANT CREATE ON DATABASE ${id(database)} TO ${OWNER}`,
    ],
  },
  {
    what: 'a table of another owner, which may be written to all the same',
    target: (n) => {
      const { name } = of(MAS_CATALOGUE.tables, n)
      return [
        `ALTER TABLE ${name} OWNER TO CURRENT_USER; GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO ${OWNER}`,
        `ALTER TABLE ${name} OWNER TO ${OWNER}`,
      ]
    },
  },
  {
    what: 'a policy that hides rows at the target',
    target: (n) => {
      const { name } = of(WRITTEN, n)
      return [
        `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
        `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY`,
      ]
    },
  },
  {
    what: 'a column of a newer MAS that may stay empty',
    target: (n) => [
      `ALTER TABLE ${of(WRITTEN, n).name} ADD newer text`,
      `ALTER TABLE ${of(WRITTEN, n).name} DROP newer`,
    ],
  },
  {
    what: 'a column of a newer MAS that may not',
    target: (n) => {
      const { name } = of(WRITTEN, n)
      return [
        `ALTER TABLE ${name} ADD newer text NOT NULL DEFAULT 'x'; ALTER TABLE ${name} ALTER newer DROP DEFAULT`,
        `ALTER TABLE ${name} DROP newer`,
      ]
    },
  },
  {
    what: 'a column that an older MAS lacks',
    target: (n) => {
      const { name, columns } = of(WRITTEN, n)
      const column = id(of(columns, n).name)
      return [
        `ALTER TABLE ${name} RENAME COLUMN ${column} TO older`,
        `ALTER TABLE ${name} RENAME COLUMN older TO ${column}`,
      ]
    },
  },
  {
    what: 'a provider that MAS has not made yet',
    target: () => [
      'CREATE TABLE put_aside AS SELECT * FROM upstream_oauth_providers; DELETE FROM upstream_oauth_links; DELETE FROM upstream_oauth_providers',
      'INSERT INTO upstream_oauth_providers SELECT * FROM put_aside; DROP TABLE put_aside',
    ],
  },
  { what: 'somebody at MAS', target: somebody },
  {
    what: 'few connections beside somebody at MAS',
    target: (n) => {
      const [come, go] = somebody(n)
      return [
        `${come}; ALTER ROLE ${OWNER} CONNECTION LIMIT ${1 + (n % 4)}`,
        `${go}; ALTER ROLE ${OWNER} CONNECTION LIMIT -1`,
      ]
    },
  },
  {
    what: 'a unique index that MAS does not have',
    target: (n) => {
      const { name, columns } = of(WRITTEN, n)
      return [`CREATE UNIQUE INDEX somebody_elses ON ${name} (${id(of(columns, n).name)})`, 'DROP INDEX somebody_elses']
    },
  },
]

const IN_CONFIGURATION: readonly Disturbance[] = [
  { what: 'another homeserver', config: (config) => ({ ...config, homeserver: 'other.example' }) },
  { what: 'no passwords', config: (config) => ({ ...config, passwordsEnabled: false }) },
  {
    what: 'no scheme for the hashes',
    config: (config) => ({
      ...config,
      passwordSchemes: config.passwordSchemes.filter(({ algorithm }) => algorithm !== 'bcrypt'),
    }),
  },
  {
    what: 'passwords that are not normalised',
    config: (config) => ({
      ...config,
      passwordSchemes: config.passwordSchemes.map((scheme) => ({ ...scheme, unicodeNormalization: false })),
    }),
  },
  {
    what: 'a provider that is switched off, unknown to the database, or claimed twice',
    config: (config, n) => {
      const [first, ...others] = config.providers
      if (first === undefined) return config
      const changes = [
        { ...first, enabled: false },
        { ...first, uuid: '01563e3a-b5d3-d676-4c61-000000000000' },
        { ...first, synapseIdpId: 'oidc-two' },
      ]
      return { ...config, providers: [of(changes, n), ...others] }
    },
  },
]

/** At each place one at most happens: two might stand in each other's way. */
export const DISTURBANCES = { source: AT_SOURCE, target: AT_TARGET, config: IN_CONFIGURATION } as const
