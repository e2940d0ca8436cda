import { beforeEach, describe, expect, test } from 'vitest'
import { rollback } from '../../../../../src/migration/rollback/rollback.ts'
import { untilWeWait } from '../../../../support/lock-waits.ts'
import { createDemoHomeserver } from '../../../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../../../support/migration/mas-database.ts'
import { endsOf } from '../../../../support/migration/online.ts'
import { demoProviders, demoRequest } from '../../../../support/migration/requests.ts'
import { migrated } from '../../../../support/migration/run.ts'
import { testPostgres } from '../../../../support/postgres.ts'
import { rolledBack } from '../../../../support/rollback/roll-back.ts'
import { readTargetState } from '../../../../support/target-state.ts'

const postgres = testPostgres()
const source = { postgres, database: 'rollback_meanwhile_synapse' }
const target = { postgres, database: 'rollback_meanwhile_mas' }
const request = demoRequest(endsOf({ source, target }))
const state = () => readTargetState(postgres, target.database)
const inMas = (...statements: readonly string[]) => postgres.execute(target.database, ...statements)

/** More accounts than a batch has. */
const ACCOUNTS = 4600
const NEWCOMER = `INSERT INTO users (user_id, username, created_at)
  VALUES ('01900000-0000-7000-8000-000000000001', 'newcomer', '2026-01-01Z')`

describe('a rollback that somebody disturbs', { timeout: 400_000 }, () => {
  beforeEach(async () => {
    await createDemoHomeserver(postgres, source.database, { accounts: ACCOUNTS })
    await createMasDatabase(postgres, target.database, demoProviders)
    await inMas(NEWCOMER)
  })

  test('is stopped after a batch and does the rest when it is called again', async () => {
    const before = await state()
    await migrated(request)
    const soon = new AbortController()
    const stopSoon = { asked: soon.signal, finishing: <Result>(work: () => Promise<Result>) => work() }
    const progress = { ...request.progress, advance: () => soon.abort() }
    const once = rollback({ ...request, progress, stopSoon, what: 'last', used: 'keep', confirm: async () => true })
    await expect(once).rejects.toMatchObject({ code: 'run.interrupted' })
    const [left] = await inMas('SELECT count(*)::integer AS n FROM users')
    expect(Number(left?.['n'])).toBeGreaterThan(1)
    const { plan } = await rolledBack(request, 'last')
    expect(plan.accounts).toBe(Number(left?.['n']) - 1)
    expect(await state()).toEqual(before)
  })

  test('whose session is ended in the middle of a batch has left whole accounts only, and does the rest', async () => {
    const before = await state()
    await migrated(request)
    const holder = await postgres.superuser(target.database)
    let ended: Promise<unknown> | undefined
    const endedMidway = async (): Promise<void> => {
      // The second batch comes as far as the journal, and no further: its accounts are gone from MAS by then.
      await holder.query('BEGIN')
      await holder.query('SELECT FROM syn2op.written_row FOR UPDATE')
      ended = untilWeWait(postgres, target.database).then(() =>
        inMas(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'syn2op merge' AND datname = current_database()`,
        ),
      )
    }
    const openTarget = async (signal: AbortSignal) => {
      const opened = await request.openTarget(signal)
      const { sql: road } = opened
      if (road === undefined) throw new TypeError('MAS has a road by SQL')
      const back: typeof road.rollback = async (scope, given) => {
        if (road.rollback === undefined) throw new TypeError('It has a way back')
        const batchDone: typeof given.batchDone = async (batch, outcomes) => {
          await given.batchDone?.(batch, outcomes)
          await endedMidway()
        }
        return road.rollback(scope, { ...given, batchDone })
      }
      return { ...opened, sql: { ...road, rollback: back } }
    }
    await expect(
      rollback({ ...request, openTarget, what: 'last', used: 'keep', confirm: async () => true }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^database[.]/u) })
    expect(await ended).toHaveLength(1)
    await holder.end()
    const orphans = await inMas(
      `SELECT count(*)::integer AS n FROM syn2op.written_row w WHERE table_number = 0 AND NOT EXISTS (
         SELECT FROM users u WHERE hashtextextended('@' || u.username || ':demo.example', 3) = w.owner)`,
    )
    expect(orphans).toEqual([{ n: 0 }])
    await rolledBack(request, 'last')
    expect(await state()).toEqual(before)
  })

  test('waits for whoever is about to use an account, and keeps it', async () => {
    await migrated(request)
    const person = await postgres.superuser(target.database)
    try {
      const once = rollback({
        ...request,
        what: 'last',
        used: 'keep',
        confirm: async () => {
          await person.query('BEGIN')
          await person.query(
            `INSERT INTO user_sessions (user_session_id, user_id, created_at)
             SELECT user_id, user_id, now() FROM users WHERE username <> 'newcomer' ORDER BY username COLLATE "C" LIMIT 1`,
          )
          return true
        },
      })
      await Promise.race([once, untilWeWait(postgres, target.database)])
      await person.query('COMMIT')
      const document = await once
      expect(document).toMatchObject({ used: 1 })
      expect(await inMas('SELECT count(*)::integer AS n FROM users')).toEqual([{ n: 2 }])
    } finally {
      await person.end()
    }
  })
})
