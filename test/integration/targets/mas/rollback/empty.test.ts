import { beforeEach, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../../../../src/migration/request.ts'
import { rollback } from '../../../../../src/migration/rollback/rollback.ts'
import { createDemoHomeserver } from '../../../../support/migration/demo-homeserver.ts'
import { countMasRows, createMasDatabase } from '../../../../support/migration/mas-database.ts'
import { endsOf, expectConverged, migratedAs, onlineRequest } from '../../../../support/migration/online.ts'
import { demoProviders, demoRequest } from '../../../../support/migration/requests.ts'
import { migrated } from '../../../../support/migration/run.ts'
import { testPostgres } from '../../../../support/postgres.ts'
import { rolledBack } from '../../../../support/rollback/roll-back.ts'
import { readTargetState } from '../../../../support/target-state.ts'

const postgres = testPostgres()
const source = { postgres, database: 'rollback_empty_synapse' }
const target = { postgres, database: 'rollback_empty_mas' }
const places = { source, target }
const state = () => readTargetState(postgres, target.database)
const inMas = (...statements: readonly string[]) => postgres.execute(target.database, ...statements)
const inSynapse = (...statements: readonly string[]) => postgres.execute(source.database, ...statements)

/** Stopped once it has begun, before the copy goes to its place. */
const interruptedFinal = async (request: MigrationRequest): Promise<unknown> => {
  const stop = new AbortController()
  const progress = { ...request.progress, phase: (name: string) => name === 'prove' && stop.abort() }
  await expect(migratedAs('final', { ...request, progress, signal: stop.signal })).rejects.toMatchObject({
    code: 'run.interrupted',
  })
  const [run] = await inMas(`SELECT run_id FROM syn2op.run WHERE kind = 'final' AND state = 'open'`)
  return run?.['run_id']
}

describe('a migration into an empty MAS that nobody has used', () => {
  beforeEach(async () => {
    await createDemoHomeserver(postgres, source.database, { accounts: 200 })
    await createMasDatabase(postgres, target.database, demoProviders)
  })

  test('a load goes back to empty, byte for byte, and the same load gives the same rows again', async () => {
    const empty = await state()
    const { runId } = await migrated(demoRequest(endsOf(places)))
    const full = await state()
    const counts = await countMasRows(postgres, target.database)
    const { plan, document } = await rolledBack(demoRequest(endsOf(places)), runId)
    expect(plan).toMatchObject({ way: 'empty', runs: [runId], used: 0, lost: [] })
    expect(Object.fromEntries(plan.tables.map(({ table, remove }) => [table, remove]))).toEqual(counts)
    expect(document).toMatchObject({ way: 'empty', tables: plan.tables, accounts: plan.accounts })
    expect(await state()).toEqual(empty)
    await migrated(demoRequest(endsOf(places)))
    expect(await state()).toEqual(full)
  })

  test('an index that a rollback left which died goes too', async () => {
    const empty = await state()
    await migrated(demoRequest(endsOf(places)))
    await inMas('CREATE INDEX syn2op_rollback_0 ON user_passwords (upgraded_from_id)')
    await rolledBack(demoRequest(endsOf(places)), 'last')
    expect(await state()).toEqual(empty)
  })

  test('a load that was not put on record is refused: nobody knows which rows are its own', async () => {
    await migrated(demoRequest(endsOf(places)))
    await inMas(`UPDATE syn2op.run SET activity = 'recording what was written'`)
    const full = await state()
    await expect(rolledBack(demoRequest(endsOf(places)), 'last')).rejects.toMatchObject({ code: 'run.not-possible' })
    expect(await state()).toEqual(full)
  })

  test('a copy that stands aside goes, with all runs that brought it up to date', async () => {
    const empty = await state()
    const request = onlineRequest(places)
    const first = await migratedAs('online', request)
    await inSynapse(`UPDATE devices SET last_seen = last_seen + 1000 WHERE last_seen BETWEEN 1 AND 2000000000000`)
    const second = await migratedAs('online', request)
    const final = await interruptedFinal(request)
    // A final run keeps nothing of what rows were before.
    await expect(rolledBack(request, second.runId)).rejects.toMatchObject({
      code: 'run.not-possible',
      next: [
        expect.stringContaining('syn2op migrate --resume'),
        expect.stringContaining(`syn2op rollback ${final}`),
        expect.any(String),
      ],
    })
    const { document } = await rolledBack(request, first.runId)
    expect(document).toMatchObject({ way: 'empty', runs: [final, second.runId, first.runId] })
    expect(await state()).toEqual(empty)
    await migratedAs('online', request)
    await migratedAs('final', request)
    await expectConverged(places)
  })

  test('a final run goes back to empty with the copy that it put in its place', async () => {
    const empty = await state()
    const request = onlineRequest(places)
    const first = await migratedAs('online', request)
    await inSynapse(`DELETE FROM user_threepids`)
    const second = await migratedAs('online', request)
    const final = await migratedAs('final', demoRequest(endsOf(places)))
    for (const { runId } of [second, first]) {
      await expect(rolledBack(request, runId)).rejects.toMatchObject({
        code: 'run.not-possible',
        next: [expect.stringContaining(`syn2op rollback ${final.runId}`), expect.any(String)],
      })
    }
    const { plan } = await rolledBack(request, 'last')
    expect(plan).toMatchObject({ way: 'empty' })
    expect(plan.runs).toHaveLength(3)
    expect(await state()).toEqual(empty)
  })

  test('a run of a copy goes alone: what it added is gone, what it changed is as before', async () => {
    const request = onlineRequest(places)
    await inSynapse(`CREATE TABLE kept AS SELECT * FROM user_threepids`, `DELETE FROM user_threepids`)
    await migratedAs('online', request)
    const before = await state()
    await inSynapse(
      `INSERT INTO user_threepids SELECT * FROM kept`,
      `UPDATE devices SET last_seen = last_seen + 1000 WHERE last_seen BETWEEN 1 AND 2000000000000`,
    )
    const { runId } = await migratedAs('online', request)
    expect((await state()).rows).not.toEqual(before.rows)
    const { document } = await rolledBack(request, runId)
    expect(document).toMatchObject({ way: 'accounts', runs: [runId], used: 0 })
    const { rows, definitions } = await state()
    expect(rows).toEqual(before.rows)
    // A copy that is brought up to date has an index of ours for as long as it stands aside.
    expect(definitions.filter((one) => !one.includes('syn2op_upgraded_from'))).toEqual(before.definitions)
    await migratedAs('final', demoRequest(endsOf(places)))
    await expectConverged(places)
  })

  test('what people did while the question waited was shown to nobody: it stays, whatever was asked for', async () => {
    await migrated(demoRequest(endsOf(places)))
    const document = await rollback({
      ...demoRequest(endsOf(places)),
      what: 'last',
      used: 'remove',
      confirm: async (plan) => {
        expect(plan).toMatchObject({ way: 'empty', used: 0 })
        await inMas(
          `INSERT INTO user_sessions (user_session_id, user_id, created_at) SELECT user_id, user_id, now() FROM users ORDER BY username LIMIT 1`,
        )
        return true
      },
    })
    expect(await inMas('SELECT count(*)::integer AS n FROM user_sessions')).toEqual([{ n: 1 }])
    expect((await countMasRows(postgres, target.database))['users']).toBe(1)
    expect(document).toMatchObject({ way: 'accounts', used: 1, usedAccounts: 'keep' })
    const { document: shown } = await rolledBack(demoRequest(endsOf(places)), 'last', { used: 'remove' })
    expect(shown).toMatchObject({ used: 1, usedAccounts: 'remove' })
    expect((await countMasRows(postgres, target.database))['users']).toBe(0)
  })

  test('nothing is emptied once somebody registered at MAS: they stay', async () => {
    await migrated(demoRequest(endsOf(places)))
    await inMas(
      `INSERT INTO users (user_id, username, created_at) VALUES ('01900000-0000-7000-8000-000000000001', 'newcomer', now())`,
    )
    const { plan } = await rolledBack(demoRequest(endsOf(places)), 'last')
    expect(plan).toMatchObject({ way: 'accounts', used: 0 })
    expect(await countMasRows(postgres, target.database)).toEqual({
      users: 1,
      user_passwords: 0,
      user_emails: 0,
      user_unsupported_third_party_ids: 0,
      upstream_oauth_links: 0,
      compat_sessions: 0,
      compat_access_tokens: 0,
      compat_refresh_tokens: 0,
    })
  })
})
