import type { MasCheck } from '../../../src/targets/mas/check-mas.ts'
import type { MasInspection, PresentColumn, PresentTable } from '../../../src/targets/mas/database/inspection.ts'
import { soundInspection } from '../sound-mas.ts'
import { inspected, type MasCheckCase } from './case.ts'

const { tables, migrations = { versions: [], failed: [] } } = soundInspection

const withoutTables = (...names: readonly string[]): readonly PresentTable[] =>
  tables.filter(({ name }) => !names.includes(name))

const withColumns = (
  table: string,
  change: (columns: readonly PresentColumn[]) => readonly PresentColumn[],
): MasCheck =>
  inspected({ tables: tables.map((one) => (one.name === table ? { ...one, columns: change(one.columns) } : one)) })

const ADDED: MasInspection['unknownConstraints'] = [
  { schema: 'public', table: 'user_emails', name: 'one_each', kind: 'unique index' },
  { schema: 'public', table: 'users', name: 'short', kind: 'check' },
]

/** Tables, columns and schema migrations that are not as the catalogue says. */
export const SCHEMA_CASES: readonly MasCheckCase[] = [
  {
    code: 'MAS_SCHEMA_MISSING',
    when: 'a table is missing',
    check: inspected({ tables: withoutTables('user_emails') }),
    says: /lacks 1 table of MAS: user_emails/,
    remedy: /mas-cli database migrate/,
    count: 1,
  },
  {
    code: 'MAS_SCHEMA_MISSING',
    when: 'there is no table at all',
    check: inspected({ tables: [], migrations: { versions: [], failed: [] } }),
    says: /none of MAS's tables/,
    remedy: /mas-cli database migrate/,
    count: 9,
  },
  {
    code: 'MAS_TABLES_ELSEWHERE',
    when: 'a run was interrupted',
    check: inspected({ tables: withoutTables('users'), elsewhere: [{ schema: 'syn2op_loading', table: 'users' }] }),
    says: /interrupted: it has set 1 table of MAS aside/,
    remedy: /syn2op migrate` again/,
    count: 1,
  },
  {
    code: 'MAS_TABLES_ELSEWHERE',
    when: 'the search path leads past the tables',
    check: inspected({ tables: withoutTables('users'), elsewhere: [{ schema: 'auth', table: 'users' }] }),
    says: /does not lead to the schema auth/,
    remedy: /auth the first schema/,
  },
  {
    code: 'MAS_SCHEMA_TOO_OLD',
    when: 'migrations have not been run',
    check: inspected({ migrations: { ...migrations, versions: migrations.versions.slice(0, -2) } }),
    says: /lacks 2 schema migrations of MAS 1\.22: \d+, 20260720134722/,
    remedy: /mas-cli database migrate/,
    count: 2,
  },
  {
    code: 'MAS_SCHEMA_NEWER',
    when: 'MAS has a migration of the future',
    check: inspected({ migrations: { ...migrations, versions: [...migrations.versions, 20270101000000] } }),
    says: /1 schema migration that this syn2op, whose last is 20260720134722, does not know/,
    remedy: /newer syn2op/,
    count: 1,
  },
  {
    code: 'MAS_MIGRATION_FAILED',
    when: 'a migration did not finish',
    check: inspected({ migrations: { ...migrations, failed: [20260720134722] } }),
    says: /did not finish 1 schema migration: 20260720134722/,
    remedy: /mas-cli database migrate/,
    count: 1,
  },
  {
    code: 'MAS_COLUMN_MISSING',
    when: 'a column is gone',
    check: withColumns('users', (columns) => columns.filter(({ name }) => name !== 'is_guest')),
    says: /lack columns: users\.is_guest/,
    remedy: /mas-cli database migrate/,
    count: 1,
  },
  {
    code: 'MAS_COLUMN_REQUIRED',
    when: 'a new column takes no NULL and has no default',
    check: withColumns('users', (columns) => [
      ...columns,
      { name: 'tenant', type: 'uuid', nullable: false, filledByItself: false },
    ]),
    says: /users\.tenant/,
    remedy: /made for this version/,
    count: 1,
  },
  {
    code: 'MAS_COLUMN_REQUIRED',
    when: 'a column that may be NULL no longer may',
    check: withColumns('compat_sessions', (columns) =>
      columns.map((column) => (column.name === 'user_agent' ? { ...column, nullable: false } : column)),
    ),
    says: /compat_sessions\.user_agent/,
    remedy: /made for this version/,
  },
  {
    code: 'MAS_COLUMN_TYPE',
    when: 'a column changed its type',
    check: withColumns('user_passwords', (columns) =>
      columns.map((column) => (column.name === 'version' ? { ...column, type: 'bigint' } : column)),
    ),
    says: /user_passwords\.version \(bigint instead of integer\)/,
    remedy: /made for this version/,
  },
  {
    code: 'MAS_COLUMN_UNKNOWN',
    when: 'a new column has a default',
    check: withColumns('users', (columns) => [
      ...columns,
      { name: 'plan', type: 'text', nullable: false, filledByItself: true },
    ]),
    says: /users\.plan/,
    remedy: /release notes/,
    count: 1,
  },
  {
    code: 'MAS_FOREIGN_CONSTRAINT',
    when: 'somebody has added a unique index and a check',
    check: inspected({ unknownConstraints: ADDED }),
    says: /^2 constraints on MAS's tables not made by MAS: user_emails\.one_each \(unique index\), users\.short \(check\)/,
    remedy: /DROP INDEX "public"\."one_each";\nALTER TABLE "public"\."users" DROP CONSTRAINT "short";/,
    count: 2,
  },
  {
    code: 'MAS_CONSTRAINT_UNKNOWN',
    after: ['MAS_SCHEMA_NEWER'],
    when: 'a newer MAS has them',
    check: inspected({
      unknownConstraints: ADDED,
      migrations: { ...migrations, versions: [...migrations.versions, 20270101000000] },
    }),
    says: /2 constraints that this syn2op does not know: user_emails\.one_each/,
    remedy: /newer syn2op/,
    count: 2,
  },
  {
    code: 'MAS_FOREIGN_TRIGGER',
    when: 'somebody listens to new people',
    check: inspected({ triggers: [{ schema: 'public', table: 'users', name: 'tell "me"' }] }),
    says: /^1 trigger on MAS's tables would run for the rows written: users\.tell "me"/,
    remedy: /DISABLE TRIGGER "tell ""me""";\nAfterwards:\nALTER TABLE "public"\."users" ENABLE/,
    count: 1,
  },
]
