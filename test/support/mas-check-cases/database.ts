import { soundCheck, soundInspection } from '../sound-mas.ts'
import { inspected, type MasCheckCase } from './case.ts'

const { tables } = soundInspection

const migrationsBefore = soundInspection.migrations?.versions.slice(0, -1) ?? []

const withPeople = tables.map((table) => (table.name === 'users' ? { ...table, hasRows: true } : table))

/** A database that is the wrong one, in use, filled or closed to us. */
export const DATABASE_CASES: readonly MasCheckCase[] = [
  {
    code: 'MAS_IS_SYNAPSE_DATABASE',
    when: 'both databases are one',
    check: { ...soundCheck, sameDatabase: true },
    says: /names the database mas, which is Synapse's/,
    remedy: /CREATE DATABASE/,
  },
  {
    code: 'MAS_POSTGRES_TOO_OLD',
    when: 'the server is PostgreSQL 13',
    check: inspected({ serverVersion: '13.9', serverVersionNumber: 130_009 }),
    says: /PostgreSQL 13\.9; version 14/,
    remedy: /Upgrade/,
  },
  {
    code: 'MAS_ENCODING',
    when: 'the database is not UTF8',
    check: inspected({ encoding: 'SQL_ASCII' }),
    says: /SQL_ASCII instead of UTF8/,
    remedy: /ENCODING 'UTF8'/,
  },
  {
    code: 'MAS_READ_ONLY',
    when: 'the server is a standby',
    check: inspected({ inRecovery: true }),
    says: /standby/,
    remedy: /primary/,
  },
  {
    code: 'MAS_NOT_EMPTY',
    when: 'a table holds rows',
    check: inspected({ tables: withPeople }),
    says: /holds rows in users\./,
    remedy: /DROP DATABASE "mas";\nCREATE DATABASE "mas" OWNER "mas"/,
    count: 1,
  },
  {
    code: 'MAS_HAS_PEOPLE',
    when: 'a run would merge into rows that are there',
    check: { ...inspected({ tables: withPeople }), road: 'merge' },
    says: /holds rows in users\. .* touches no row that is not syn2op's/,
    remedy: /syn2op plan/,
    count: 1,
  },
  {
    code: 'MAS_COPY_ASIDE',
    when: 'an online copy is there to be brought up to date',
    check: { ...inspected({ schema: 'syn2op_loading', tables: withPeople }), road: 'copy' },
    says: /stands aside in the schema syn2op_loading\. MAS cannot start/,
    remedy: /migrate --online\n.*migrate --final/,
  },
  {
    code: 'MAS_UPGRADED_SINCE_COPY',
    when: 'MAS has migrated its schema while an online copy stood aside',
    check: { ...soundCheck, road: 'copy', migrationsOfCopy: migrationsBefore },
    says: /made 1 schema migration since the copy was put aside: \d+\./,
    remedy: /accept this and go on\.\nElse begin again/,
    count: 1,
  },
  {
    code: 'MAS_ROWS_NOT_ON_RECORD',
    when: 'a run would merge into a load that ended before its rows were on record',
    check: { ...soundCheck, road: 'merge', unrecorded: '2026-11-21T12-00-00Z' },
    says: /Run 2026-11-21T12-00-00Z filled MAS, but ended before its rows were on record/,
    remedy: /migrate --resume\n.*conflicts/,
  },
  {
    code: 'MAS_IN_USE',
    when: 'a run would merge beside a MAS that is at work',
    check: { ...inspected({ otherSessions: [{ user: 'mas', client: 'socket', count: 2 }] }), road: 'merge' },
    says: /2 × mas from socket/,
    remedy: /MAS may run/,
    count: 2,
  },
  {
    code: 'MAS_IMPORTER_LEFTOVERS',
    when: "MAS's importer was interrupted",
    check: inspected({ importerTables: ['syn2mas__users', 'syn2mas_restore_indices'] }),
    says: /left 2 tables behind: syn2mas__users/,
    remedy: /DROP DATABASE/,
    count: 2,
  },
  {
    code: 'MAS_RUNNING',
    when: 'somebody is connected',
    check: inspected({
      otherSessions: [
        { user: 'mas', applicationName: 'matrix-authentication-service', client: '10.0.0.3', count: 4 },
        { user: 'other', count: 1 },
      ],
    }),
    says: /4 × mas \(matrix-authentication-service\) from 10\.0\.0\.3, 1 × other/,
    remedy: /Stop MAS/,
    count: 5,
  },
  {
    code: 'MAS_TOOLS_CONNECTED',
    when: 'somebody looks with psql',
    check: inspected({ otherSessions: [{ user: 'admin', applicationName: 'psql', client: 'socket', count: 1 }] }),
    says: /1 × admin \(psql\) from socket/,
    remedy: /Close it/,
    count: 1,
  },
  {
    code: 'MAS_PRIVILEGES',
    when: 'our role may not create schemas',
    check: inspected({ mayCreateInDatabase: false, user: 'reader', mayCreateInSchema: false }),
    says: /role reader lacks .*CREATE on the database mas; CREATE on the schema public/,
    remedy: /GRANT CREATE ON DATABASE "mas" TO "reader";\nGRANT CREATE ON SCHEMA "public" TO "reader";/,
    count: 2,
  },
  {
    code: 'MAS_PRIVILEGES',
    when: 'a table that points at ours belongs to another role',
    check: inspected({
      tables: tables.map((table) =>
        table.name === 'oauth2_sessions' ? { ...table, owned: false, owner: 'Other"s' } : table,
      ),
    }),
    says: /ownership of oauth2_sessions/,
    remedy: /GRANT "Other""s" TO "mas";/,
  },
  {
    code: 'MAS_PRIVILEGES',
    when: 'no key may be made that points at the upstream providers',
    check: inspected({
      tables: tables.map((table) =>
        table.name === 'upstream_oauth_providers'
          ? { ...table, owned: false, owner: 'other', referencable: false }
          : table,
      ),
    }),
    says: /role mas lacks in MAS's database: REFERENCES on upstream_oauth_providers\./,
    remedy: /^GRANT REFERENCES ON "public"\."upstream_oauth_providers" TO "mas";$/,
    count: 1,
  },
]
