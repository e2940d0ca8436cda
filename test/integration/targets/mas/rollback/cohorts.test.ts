import { beforeEach, describe, expect, test } from 'vitest'
import { createDemoHomeserver } from '../../../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../../../support/migration/mas-database.ts'
import { expectConverged } from '../../../../support/migration/online.ts'
import { demoProviders } from '../../../../support/migration/requests.ts'
import { migratedWith, NAMES, stagedRequest } from '../../../../support/migration/stages.ts'
import { testPostgres } from '../../../../support/postgres.ts'
import { rolledBack } from '../../../../support/rollback/roll-back.ts'
import { readTargetState } from '../../../../support/target-state.ts'

const postgres = testPostgres()
const source = { postgres, database: 'rollback_cohort_synapse' }
const target = { postgres, database: 'rollback_cohort_mas' }
const places = { source, target }
const request = stagedRequest(places)
const state = () => readTargetState(postgres, target.database)
const [first = '', second = '', third = ''] = NAMES

const begun = async () =>
  (
    await postgres.execute(target.database, 'SELECT name FROM syn2op.cohort WHERE begun_at IS NOT NULL ORDER BY number')
  ).map(({ name }) => name)

const standing = async () =>
  (
    await postgres.execute(target.database, `SELECT run_id FROM syn2op.run WHERE state <> 'undone' ORDER BY run_number`)
  ).map((row) => row['run_id'])

/** Accounts in the copy that stands aside. */
const copied = async () =>
  Number((await postgres.execute(target.database, 'SELECT count(*) AS n FROM syn2op_loading.users'))[0]?.['n'])

describe('one cohort is taken back', { timeout: 180_000 }, () => {
  beforeEach(async () => {
    await createDemoHomeserver(postgres, source.database, { accounts: 200 })
    await createMasDatabase(postgres, target.database, demoProviders)
  })

  test('out of a copy that has others, as if its stage had not begun; the final run waits for it again', async () => {
    const { runId } = await migratedWith(request, { cohort: first })
    const [before, alone] = [await state(), await copied()]
    await migratedWith(request, { cohort: second })
    const [both, together] = [await state(), await copied()]
    const { plan, document } = await rolledBack(request, second)
    expect(plan).toMatchObject({ of: { kind: 'cohort', name: second }, way: 'accounts', runs: [], used: 0 })
    expect([plan.accounts, document.accounts]).toEqual([together - alone, together - alone])
    expect(await state()).toEqual(before)
    expect(await begun()).toEqual([first])
    expect(await standing()).toEqual([runId])
    await expect(migratedWith(request, { mode: 'final' })).rejects.toThrow(/5 cohorts are left that no run has begun/u)
    await migratedWith(request, { cohort: second })
    expect(await state()).toEqual(both)
    for (const cohort of NAMES) await migratedWith(request, { cohort })
    await migratedWith(request, { mode: 'final' })
    await expectConverged(places)
  })

  test('with the run of its stage, which is taken back alone', async () => {
    const empty = await state()
    const stage = await migratedWith(request, { cohort: first })
    const { runId } = await migratedWith(request, { cohort: second })
    const before = await state()
    const last = await migratedWith(request, { cohort: third })
    const { plan } = await rolledBack(request, 'last')
    expect(plan).toMatchObject({ of: { kind: 'run', name: last.runId }, runs: [last.runId], way: 'accounts' })
    expect(await state()).toEqual(before)
    expect(await begun()).toEqual([first, second])
    await migratedWith(request, { mode: 'online' })
    expect(await begun()).toEqual(NAMES)
    await rolledBack(request, 'last')
    expect(await begun()).toEqual([first, second])
    expect((await rolledBack(request, runId)).plan.runs).toEqual([runId])
    expect(await begun()).toEqual([first])
    const again = await migratedWith(request, { cohort: second })
    const { document } = await rolledBack(request, stage.runId)
    expect(document).toMatchObject({ way: 'empty', runs: [again.runId, stage.runId] })
    expect(await state()).toEqual(empty)
  })

  test('and MAS is empty again, byte for byte, where it was the only one', async () => {
    const empty = await state()
    await migratedWith(request, { cohort: first })
    const accounts = await copied()
    const { plan } = await rolledBack(request, first)
    expect(plan).toMatchObject({ way: 'empty', accounts })
    expect(await state()).toEqual(empty)
    await migratedWith(request, { cohort: first })
  })

  test('the rest, and whoever has come since', async () => {
    await migratedWith(request, { cohort: first })
    const before = await state()
    await migratedWith(request, { cohort: 'rest' })
    await postgres.execute(
      source.database,
      `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
       VALUES ('@zz-newcomer:demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0)`,
    )
    await migratedWith(request, { cohort: 'rest' })
    await rolledBack(request, 'rest')
    expect(await state()).toEqual(before)
  })

  test('once MAS has been in use: its people who use it stay, the others go, other cohorts are not touched', async () => {
    for (const cohort of NAMES) await migratedWith(request, { cohort })
    const { runId } = await migratedWith(request, { mode: 'final' })
    const [row] = await postgres.execute(
      target.database,
      `INSERT INTO user_sessions (user_session_id, user_id, created_at)
       SELECT user_id, user_id, now() FROM users u
       WHERE EXISTS (
         SELECT FROM syn2op.cohort_member m JOIN syn2op.cohort c ON c.number = m.cohort
         WHERE c.name = '${second}' AND m.owner = hashtextextended('@' || u.username || ':demo.example', 3)
       ) ORDER BY username LIMIT 1 RETURNING user_id`,
    )
    const members = async (name: string) =>
      Number(
        (
          await postgres.execute(
            target.database,
            `SELECT count(*) AS n FROM users u JOIN syn2op.cohort_member m
               ON m.owner = hashtextextended('@' || u.username || ':demo.example', 3)
             JOIN syn2op.cohort c ON c.number = m.cohort WHERE c.name = '${name}'`,
          )
        )[0]?.['n'],
      )
    const others = await members(third)
    const { document } = await rolledBack(request, second)
    expect(document).toMatchObject({ used: 1, way: 'accounts' })
    expect(await standing()).toContain(runId)
    expect(await members(second)).toBe(1)
    expect(await members(third)).toBe(others)
    expect(
      await postgres.execute(target.database, `SELECT user_id FROM users WHERE user_id = '${row?.['user_id']}'`),
    ).toHaveLength(1)
    await rolledBack(request, second, { used: 'remove' })
    expect(await members(second)).toBe(0)
    expect(await members(third)).toBe(others)
  })

  test('with the whole copy, once it is final: those who use MAS stay, and can be named by the same run', async () => {
    await migratedWith(request, { cohort: first })
    await migratedWith(request, { mode: 'online' })
    const { runId } = await migratedWith(request, { mode: 'final' })
    await postgres.execute(
      target.database,
      `INSERT INTO user_sessions (user_session_id, user_id, created_at)
       SELECT user_id, user_id, now() FROM users ORDER BY username LIMIT 3`,
    )
    const people = () => postgres.execute(target.database, 'SELECT count(*)::integer AS n FROM users')
    expect((await rolledBack(request, 'last')).document).toMatchObject({ used: 3, way: 'accounts' })
    expect(await people()).toEqual([{ n: 3 }])
    const { document } = await rolledBack(request, 'last', { used: 'remove' })
    expect(document).toMatchObject({ of: { name: runId }, accounts: 3 })
    expect(await people()).toEqual([{ n: 0 }])
    expect(await standing()).toEqual([])
    expect(await begun()).toEqual([])
  })

  test('an unknown name is an error that says which there are', async () => {
    await migratedWith(request, { cohort: first })
    await expect(rolledBack(request, `${first}s`)).rejects.toMatchObject({
      code: 'run.missing',
      next: [`Did you mean ${first}?`, expect.any(String), expect.stringContaining(second)],
    })
  })
})
