import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../src/migration/request.ts'
import { ROLLBACK_CASES as CASES, SEED } from '../support/generated/cases.ts'
import { change, changed, homeserver } from '../support/generated/homeserver.ts'
import { mappingSpec } from '../support/generated/specs.ts'
import { AS_OF } from '../support/generated/values.ts'
import { openWorkbench, type Workbench } from '../support/generated/workbench.ts'
import { migratedAs } from '../support/migration/online.ts'
import { migrated } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'
import { expectMigrated } from '../support/properties/examine.ts'
import { rolledBack } from '../support/rollback/roll-back.ts'
import { readTargetState } from '../support/target-state.ts'

const STEP = 86_400_000
const postgres = testPostgres()
const mas = 'property_rollback_mas'

/** Somebody who was at MAS before, or nobody. */
const NEWCOMER = `INSERT INTO users (user_id, username, created_at)
  VALUES ('01900000-0000-7000-8000-000000000001', 'here before everybody', '2026-01-01Z')`

const course = fc.record({
  first: homeserver,
  mapping: mappingSpec,
  changes: fc.array(change, { minLength: 1, maxLength: 2 }),
  /** What happens in Synapse after the last run. */
  since: change,
  road: fc.constantFrom('beside people', 'into an empty MAS', 'online'),
})

/** Whatever lets somebody in at MAS: as text, one each. Those of the schema where the tables stand. */
const waysIn = async (): Promise<ReadonlySet<string>> => {
  const [aside] = await postgres.execute(mas, `SELECT to_regclass('syn2op_loading.users') IS NOT NULL AS yes`)
  const schema = aside?.['yes'] === true ? 'syn2op_loading' : 'public'
  const rows = await postgres.execute(
    mas,
    `SELECT 'password ' || username || ' ' || hashed_password AS way
       FROM ${schema}.user_passwords JOIN ${schema}.users USING (user_id)
     UNION ALL SELECT 'login ' || username || ' ' || coalesce(device_id, 'none')
       FROM ${schema}.compat_sessions JOIN ${schema}.users USING (user_id) WHERE finished_at IS NULL AND device_id IS NOT NULL
     UNION ALL SELECT 'identity ' || username || ' ' || subject
       FROM ${schema}.upstream_oauth_links JOIN ${schema}.users USING (user_id)
     UNION ALL SELECT 'token ' || access_token FROM ${schema}.compat_access_tokens WHERE expires_at IS NULL OR expires_at > now()
     UNION ALL SELECT 'token ' || refresh_token FROM ${schema}.compat_refresh_tokens WHERE consumed_at IS NULL`,
  )
  return new Set(rows.map(({ way }) => String(way)))
}

/** The same of Synapse. */
const waysInNow = async (): Promise<ReadonlySet<string>> => {
  const name = (column: string) => `substr(split_part(${column}, ':', 1), 2)`
  const rows = await postgres.execute(
    'property_rollback_synapse',
    `SELECT 'password ' || ${name('name')} || ' ' || password_hash AS way FROM users WHERE password_hash IS NOT NULL
     UNION ALL SELECT 'login ' || ${name('user_id')} || ' ' || device_id FROM devices
     UNION ALL SELECT 'identity ' || ${name('user_id')} || ' ' || external_id FROM user_external_ids
     UNION ALL SELECT 'token ' || token FROM access_tokens
     UNION ALL SELECT 'token ' || token FROM refresh_tokens`,
  )
  return new Set(rows.flatMap(({ way }) => (typeof way === 'string' ? [way] : [])))
}

describe(`${CASES} homeservers of any kind whose runs are taken back one after the other`, () => {
  let bench: Workbench

  beforeAll(async () => {
    bench = await openWorkbench(postgres, 'property_rollback')
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  })
  afterAll(() => bench?.close())

  test('leave MAS as it was before; nobody gets in whom Synapse no longer lets in; and all can be done again', {
    timeout: CASES * 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({ first, mapping, changes, since, road }) => {
        let asOf = AS_OF - STEP * (changes.length + 1)
        const request = (): MigrationRequest => bench.request({ mapping, asOf })
        const run = () => (road === 'online' ? migratedAs('online', request()) : migrated(request()))
        await bench.emptyMas()
        if (road === 'beside people') await postgres.execute(mas, NEWCOMER)
        const before = await readTargetState(postgres, mas)
        let rows = first
        await bench.fill(rows)
        await run()
        for (const next of changes) {
          rows = changed(rows, next)
          asOf += STEP
          await bench.fill(rows)
          await run()
        }
        rows = changed(rows, since)
        asOf += STEP
        await bench.fill(rows)
        const now = await waysInNow()
        for (let left = 1 + changes.length; left > 0; left--) {
          const open = await waysIn()
          const { plan, document } = await rolledBack(request(), 'last')
          expect(plan).toMatchObject({ used: 0, lost: [] })
          expect(document.tables).toEqual(plan.tables)
          if (document.way === 'empty') break
          expect([...(await waysIn())].filter((way) => !open.has(way) && !now.has(way))).toEqual([])
        }
        expect(await readTargetState(postgres, mas)).toEqual(before)
        await postgres.execute(mas, 'DELETE FROM users')
        await migrated(request())
        await expectMigrated(bench, { mapping, asOf }, 'derived')
      }),
      { numRuns: CASES, seed: SEED },
    )
  })
})
