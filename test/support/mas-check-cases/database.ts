import { soundCheck, soundInspection } from '../sound-mas.ts'
import { inspected, type MasCheckCase } from './case.ts'

const { tables } = soundInspection

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
    check: inspected({ tables: tables.map((table) => (table.name === 'users' ? { ...table, hasRows: true } : table)) }),
    says: /holds rows in users\./,
    remedy: /DROP DATABASE "mas";\nCREATE DATABASE "mas" OWNER "mas"/,
    count: 1,
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
]
