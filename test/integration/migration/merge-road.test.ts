import { beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { PlanDocument, RunDocument } from '../../../src/report/documents.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const countOf = ({ outcomes = [] }: Pick<RunDocument, 'outcomes'>, outcome: string): number =>
  outcomes.find((one) => one.outcome === outcome)?.count ?? 0

const requestFor = async (name: string, accounts: number): Promise<MigrationRequest> => {
  const postgres = testPostgres()
  const synapse = await createDemoHomeserver(postgres, `${name}_synapse`, { accounts })
  const mas = await createMasDatabase(postgres, `${name}_mas`, demoProviders)
  return demoRequest({ synapse, mas })
}

const LATE = `
  INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
  VALUES ('@late:demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0)`

describe('a second migration into a MAS that the first has filled', () => {
  const NAME = 'merge_again'
  let request: MigrationRequest
  let first: RunDocument
  let second: RunDocument
  let planned: PlanDocument
  let third: RunDocument

  beforeAll(async () => {
    request = await requestFor(NAME, 150)
    first = await migrated(request)
    second = await migrated(request)
    await testPostgres().execute(
      `${NAME}_mas`,
      `UPDATE users SET locked_at = now() WHERE username = (SELECT min(username) FROM users WHERE locked_at IS NULL)`,
    )
    await testPostgres().execute(`${NAME}_synapse`, LATE)
    planned = await plan(request)
    third = await migrated(request)
  })

  test('the first says after which time MAS could be used', () => {
    expect(first.road).toBe('load')
    expect(first.downtime).toBeLessThanOrEqual(first.milliseconds)
    expect(first.unrecorded).toBeUndefined()
  })

  test('changes nothing where nothing has changed', () => {
    expect(second.road).toBe('merge')
    expect(['created', 'updated', 'removed', 'rejected'].map((one) => countOf(second, one))).toEqual([0, 0, 0, 0])
    expect(second.conflicts).toEqual([])
  })

  test('adds who came late, as its plan said', () => {
    expect(countOf(planned, 'created')).toBe(1)
    expect(third.outcomes).toEqual(planned.outcomes)
    expect(third.changes).toEqual(planned.changes)
  })

  test('leaves what was changed at MAS since', async () => {
    const verified = await verify(request)
    expect(wrongTables(verified)).toEqual([])
    const [locked] = await testPostgres().execute(
      `${NAME}_mas`,
      `SELECT count(*)::integer AS count FROM users WHERE locked_at > now() - interval '1 hour'`,
    )
    expect(locked?.['count']).toBe(1)
  })

  test('looks once more at an account that was rejected when something of it expired, though nothing expires any more', async () => {
    const hour = 3_600_000
    const asOf = request.asOf ?? 0
    const [MAS, SYNAPSE] = [`${NAME}_mas`, `${NAME}_synapse`]
    const [chosen] = await testPostgres().execute(
      MAS,
      `SELECT compat_session_id::text AS session, refresh_token AS token
       FROM compat_refresh_tokens JOIN compat_sessions USING (compat_session_id)
       WHERE consumed_at IS NULL AND finished_at IS NULL ORDER BY refresh_token LIMIT 1`,
    )
    const { session, token } = chosen ?? {}
    const isOpen = async () => {
      const rows = await testPostgres().execute(
        MAS,
        `SELECT FROM compat_refresh_tokens JOIN compat_sessions USING (compat_session_id)
         WHERE refresh_token = '${token}' AND consumed_at IS NULL AND finished_at IS NULL`,
      )
      return rows.length > 0
    }
    await testPostgres().execute(
      SYNAPSE,
      `UPDATE refresh_tokens SET expiry_ts = ${asOf + hour} WHERE token = '${token}'`,
    )
    await migrated(request)
    expect(await isOpen()).toBe(true)

    const tables = ['compat_sessions', 'compat_access_tokens', 'compat_refresh_tokens']
    await testPostgres().execute(
      MAS,
      `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF OLD.compat_session_id = '${session}' THEN RAISE EXCEPTION 'in use' USING ERRCODE = '23514'; END IF;
         RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
       END $$`,
      ...tables.map(
        (table) => `CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION keep()`,
      ),
    )
    expect(countOf(await migrated({ ...request, asOf: asOf + 2 * hour }), 'rejected')).toBe(1)
    await testPostgres().execute(MAS, 'DROP FUNCTION keep CASCADE')
    expect(countOf(await migrated({ ...request, asOf: asOf + 3 * hour }), 'rejected')).toBe(0)
    expect(await isOpen()).toBe(false)
  })
})

describe('a migration into a MAS that has people of its own', () => {
  const NAME = 'merge_people'
  let planned: PlanDocument
  let run: RunDocument
  let taken: string
  let tables: Readonly<Record<'before' | 'planned', readonly string[]>>
  const namesOfTables = async (): Promise<readonly string[]> => {
    const rows = await testPostgres().execute(
      `${NAME}_mas`,
      `SELECT relnamespace::regnamespace || '.' || relname AS name FROM pg_class
       WHERE relkind IN ('r', 'i') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       ORDER BY 1`,
    )
    return rows.map(({ name }) => String(name))
  }

  beforeAll(async () => {
    const request = await requestFor(NAME, 150)
    const [somebody] = await testPostgres().execute(
      `${NAME}_synapse`,
      `SELECT substring(name FROM '^@([^:]+):') AS localpart FROM users
       WHERE is_guest = 0 AND appservice_id IS NULL AND name ~ '^@[a-z]+:demo[.]example$' ORDER BY name LIMIT 1`,
    )
    taken = String(somebody?.['localpart'])
    await testPostgres().execute(
      `${NAME}_mas`,
      `INSERT INTO users (user_id, username, created_at)
       VALUES ('01940000-0000-0000-0000-000000000001', '${taken}', now()),
              ('01940000-0000-0000-0000-000000000002', 'somebody-else', now())`,
    )
    const before = await namesOfTables()
    planned = await plan(request)
    tables = { before, planned: await namesOfTables() }
    run = await migrated(request)
  })

  test('leaves of the plan at MAS nothing but an empty journal', async () => {
    expect(tables.planned.filter((name) => !name.startsWith('syn2op.'))).toEqual(tables.before)
    expect(tables.planned).toContain('syn2op.account')
    expect(tables.planned.filter((name) => name.includes('seen_'))).toEqual([])
  })

  test('says in the plan who meets somebody else, and does so', () => {
    expect(planned.conflicts?.map(({ mxid, reason }) => [mxid, reason])).toEqual([
      [`@${taken}:demo.example`, 'username_taken'],
    ])
    expect(run.conflicts).toEqual(planned.conflicts)
    expect(run.outcomes).toEqual(planned.outcomes)
  })

  test('counts every account once', () => {
    const [accounts] = run.relations
    const all = (run.outcomes ?? []).reduce((sum, { count }) => sum + count, 0)
    expect(all).toBe(accounts?.read)
    expect(countOf(run, 'created')).toBe((accounts?.carried ?? 0) - 1)
  })

  test('leaves the people of MAS as they are', async () => {
    const people = await testPostgres().execute(
      `${NAME}_mas`,
      `SELECT u.username, (SELECT count(*)::integer FROM user_passwords p WHERE p.user_id = u.user_id) AS passwords
       FROM users u WHERE u.user_id::text LIKE '01940000-0000-0000-0000-00000000000_' ORDER BY u.user_id`,
    )
    expect(people).toEqual([
      { username: taken, passwords: 0 },
      { username: 'somebody-else', passwords: 0 },
    ])
  })
})
