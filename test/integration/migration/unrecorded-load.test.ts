import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../../src/migration/migrate.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { status } from '../../../src/migration/status/status.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { createJournal, RECORDING } from '../../../src/targets/mas/load/journal.ts'
import { readJournalState } from '../../support/faults/journal-state.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'
import { readTargetState } from '../../support/target-state.ts'

const NAME = 'unrecorded'
const [SYNAPSE, MAS] = [`${NAME}_synapse`, `${NAME}_mas`]

const inMas = (...statements: readonly string[]) => testPostgres().execute(MAS, ...statements)
const inSynapse = (...statements: readonly string[]) => testPostgres().execute(SYNAPSE, ...statements)

/** What a load leaves that dies when its rows are in their place, and half of them on record. */
const dieBeforeTheRecord = () =>
  inMas(
    `UPDATE syn2op.run SET activity = '${RECORDING}' WHERE kind = 'load'`,
    'TRUNCATE syn2op.account',
    'ALTER TABLE syn2op.account DROP CONSTRAINT account_pkey',
    'DELETE FROM syn2op.written_row WHERE table_number % 2 = 0',
    'DROP INDEX syn2op.written_row_owner',
  )

/** Lets whoever puts accounts on record take their time. */
const waitsForTheRecord = async (database: string): Promise<void> => {
  const client = await testPostgres().superuser(database)
  await createJournal(client)
  await client.end()
  await testPostgres().execute(
    database,
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$`,
    'CREATE TRIGGER slow BEFORE INSERT ON syn2op.account FOR EACH STATEMENT EXECUTE FUNCTION slow()',
  )
}

/** As its server does that is stopped. */
const endSessionsAt = (database: string) =>
  testPostgres().execute(
    'postgres',
    `WITH ours AS MATERIALIZED (
       SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'syn2op%' AND datname = '${database}'
     ) SELECT pg_terminate_backend(pid) FROM ours`,
  )

/** Two people with a session each, by their localparts. */
const twoPeople = async (): Promise<readonly string[]> => {
  const rows = await inMas(`
    SELECT username FROM users u JOIN compat_sessions s USING (user_id)
    WHERE locked_at IS NULL AND deactivated_at IS NULL AND s.device_id IS NOT NULL AND username ~ '^[a-z]+$'
    GROUP BY 1 ORDER BY 1 LIMIT 2`)
  return rows.map(({ username }) => String(username))
}

/** As administrators type it: without an as-of time. */
const goneOnWith = async (request: MigrationRequest, how: { readonly resume: boolean }): Promise<RunDocument> => {
  const { asOf: _, ...others } = request
  const document = await migrate({ ...others, ...how, confirm: async () => true })
  if (document === undefined) throw new Error('A confirmed migration has a result')
  return document
}

const countOf = ({ outcomes = [] }: RunDocument, outcome: string): number =>
  outcomes.find((one) => one.outcome === outcome)?.count ?? 0

test('a load whose target goes away when its rows are in their place has ended well, and says what is left to do', async () => {
  const synapse = await createDemoHomeserver(testPostgres(), `${NAME}_cut_synapse`, { accounts: 30 })
  const mas = await createMasDatabase(testPostgres(), `${NAME}_cut_mas`, demoProviders)
  const request = demoRequest({ synapse, mas })
  await waitsForTheRecord(`${NAME}_cut_mas`)
  const told: string[] = []
  let cut: Promise<unknown> = Promise.resolve()
  const run = await migrated({
    ...request,
    openTarget: async (signal) => {
      const target = await request.openTarget(signal)
      const { sql: road } = target
      if (road === undefined) throw new TypeError('MAS has a road by SQL')
      const load: typeof road.load = async (whole) => {
        const loaded = await road.load(whole)
        await cut
        return loaded
      }
      return { ...target, sql: { ...road, load } }
    },
    progress: {
      ...request.progress,
      phase: (phase) => {
        if (phase === 'record') cut = endSessionsAt(`${NAME}_cut_mas`)
      },
      note: (message) => void told.push(message),
    },
  })
  expect(run.tables.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(30)
  expect(run.unrecorded).toBe(true)
  expect(told).toContainEqual(expect.stringContaining('could not be put on record'))
  await testPostgres().execute(`${NAME}_cut_mas`, 'DROP TRIGGER slow ON syn2op.account')
  const next = await migrated(request)
  expect(next.conflicts).toEqual([])
  expect(wrongTables(await verify(request))).toEqual([])
})

describe('a load that died when its rows were in their place, and not yet on record', () => {
  let request: MigrationRequest

  beforeAll(async () => {
    const synapse = await createDemoHomeserver(testPostgres(), SYNAPSE, { accounts: 150 })
    const mas = await createMasDatabase(testPostgres(), MAS, demoProviders)
    request = demoRequest({ synapse, mas })
    await migrated(request)
  })

  test.each(['migrate', 'migrate --resume'])(
    '%s puts everything on record that nobody has changed since',
    async (way) => {
      const journal = await readJournalState(testPostgres(), MAS)
      const { rows } = await readTargetState(testPostgres(), MAS)
      await dieBeforeTheRecord()
      const { runs: known, next } = await status('no-such-folder', request)
      expect(known.at(-1)).toMatchObject({ state: 'unfinished', unrecorded: true, record: 'journal' })
      expect(next).toMatchObject([
        { text: expect.stringContaining('Put them on record'), commands: ['syn2op migrate --resume'] },
      ])
      const run = await goneOnWith(request, { resume: way.includes('--resume') })
      expect(run.conflicts).toEqual([])
      expect(['created', 'updated', 'removed'].map((one) => countOf(run, one))).toEqual([0, 0, 0])
      expect(run.asOf).toBe(new Date(request.asOf ?? 0).toISOString())
      expect(await readJournalState(testPostgres(), MAS)).toEqual(journal)
      expect((await readTargetState(testPostgres(), MAS)).rows).toEqual(rows)
      expect(wrongTables(await verify(request))).toEqual([])
    },
  )

  test('accounts that either side has changed since pass for somebody else’s, and nothing of them is touched', async () => {
    const [atMas = '', atSynapse = ''] = await twoPeople()
    await dieBeforeTheRecord()
    const sessions = `SELECT compat_session_id FROM compat_sessions JOIN users USING (user_id) WHERE username = '${atMas}'`
    await inMas(
      `DELETE FROM compat_refresh_tokens WHERE compat_session_id IN (${sessions})`,
      `DELETE FROM compat_access_tokens WHERE compat_session_id IN (${sessions})`,
      `DELETE FROM compat_sessions WHERE compat_session_id IN (${sessions})`,
    )
    await inSynapse(`UPDATE devices SET display_name = 'changed since' WHERE user_id = '@${atSynapse}:demo.example'`)
    const before = await readTargetState(testPostgres(), MAS)
    const run = await goneOnWith(request, { resume: false })
    expect(run.conflicts?.map(({ mxid }) => mxid).toSorted()).toEqual(
      [`@${atMas}:demo.example`, `@${atSynapse}:demo.example`].toSorted(),
    )
    expect((await readTargetState(testPostgres(), MAS)).rows).toEqual(before.rows)
  })
})
