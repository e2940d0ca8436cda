import { beforeEach, describe, expect, test } from 'vitest'
import { RECORDING } from '../../../../../src/targets/mas/load/journal.ts'
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

describe('one cohort is taken back', { timeout: 400_000 }, () => {
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
    // As if it had died: the next one goes on from there, and it never ends.
    await postgres.execute(
      target.database,
      `UPDATE syn2op.run SET state = 'open', finished_at = NULL WHERE run_id = '${runId}'`,
    )
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
    expect((await rolledBack(request, 'last')).plan.runs).toEqual([runId])
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

  test('not while a load that wrote its accounts is only half on record: whose their rows are is not known', async () => {
    const { runId } = await migratedWith(request)
    await postgres.execute(target.database, `UPDATE syn2op.run SET activity = '${RECORDING}'`)
    const stop = new AbortController()
    const progress = { ...request.progress, phase: (name: string) => name === 'record' && stop.abort() }
    // Its as-of time is kept.
    const { asOf: _, ...going } = request
    await expect(migratedWith({ ...going, progress, signal: stop.signal }, { resume: true })).rejects.toMatchObject({
      code: 'run.interrupted',
    })
    expect(await begun()).toEqual(NAMES)
    const full = await state()
    for (const what of [first, 'last', runId]) {
      await expect(rolledBack(request, what)).rejects.toMatchObject({
        code: 'run.not-possible',
        message: expect.stringContaining(`Which rows run ${runId} wrote is not on record`),
        next: [expect.stringContaining('syn2op migrate --resume'), expect.any(String)],
      })
    }
    expect(await state()).toEqual(full)
    expect(await begun()).toEqual(NAMES)
    await migratedWith(going, { resume: true })
    const { document } = await rolledBack(request, first)
    expect(document.accounts).toBeGreaterThan(0)
    expect(await begun()).toEqual(NAMES.slice(1))
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

  test('with a trial of the first so many before it, which is no stage: every cohort waits as it did then', async () => {
    await migratedWith(request, { limit: 20 })
    const waited = await begun()
    expect(waited.length).toBeLessThan(NAMES.length)
    const before = await state()
    await migratedWith(request, { mode: 'online' })
    await rolledBack(request, 'last')
    expect(await state()).toEqual(before)
    expect(await begun()).toEqual(waited)
    await expect(migratedWith(request, { mode: 'final' })).rejects.toThrow(/cohorts are left that no run has begun/u)
  })

  test('beside people, and who is in which cohort is settled anew once no run stands', async () => {
    await postgres.execute(
      target.database,
      `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'somebody.else', now())`,
    )
    const people = async () =>
      (await postgres.execute(target.database, 'SELECT username FROM users ORDER BY username COLLATE "C"')).map((row) =>
        String(row['username']),
      )
    const before = await people()
    const of = (name: string, pattern: string) => stagedRequest(places, [{ name, match: { localparts: [pattern] } }])
    await migratedWith(of('pilot', '[a-c].*'), { cohort: 'pilot' })
    const wrong = await people()
    await rolledBack(of('pilot', '[a-c].*'), 'last')
    expect(await people()).toEqual(before)
    await migratedWith(of('pilot', '[d-f].*'), { cohort: 'pilot' })
    const right = (await people()).filter((name) => !before.includes(name))
    expect(right.length).toBeGreaterThan(0)
    expect(right.filter((name) => !/^[d-f]/u.test(name))).toEqual([])
    expect(right.filter((name) => wrong.includes(name))).toEqual([])
    // While a run stands, so do its cohorts; by their name or by the run's, the last that goes frees them.
    const renamed = of('first', '[a-c].*')
    await expect(migratedWith(renamed, { cohort: 'first' })).rejects.toMatchObject({ code: 'run.other-cohorts' })
    await rolledBack(renamed, 'pilot')
    await migratedWith(renamed, { cohort: 'first' })
    expect(await people()).toEqual(wrong)
  })

  test('an unknown name is an error that says which there are', async () => {
    await migratedWith(request, { cohort: first })
    await expect(rolledBack(request, `${first}s`)).rejects.toMatchObject({
      code: 'run.missing',
      next: [`Did you mean ${first}?`, expect.any(String), expect.stringContaining(second)],
    })
  })
})
