import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../src/migration/request.ts'
import type { RunDocument } from '../../src/report/documents.ts'
import { ONLINE_CASES as CASES, LONG_CASES, SEED } from '../support/generated/cases.ts'
import { change, changed, homeserver } from '../support/generated/homeserver.ts'
import { mappingSpec } from '../support/generated/specs.ts'
import { AS_OF } from '../support/generated/values.ts'
import { openWorkbench, type Workbench } from '../support/generated/workbench.ts'
import { migratedAs } from '../support/migration/online.ts'
import { inBatchesOf } from '../support/migration/requests.ts'
import { migrated } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'
import { type Coverage, expectAccountedFor, expectMigrated, unreached } from '../support/properties/examine.ts'
import { readTargetState } from '../support/target-state.ts'

const STEP = 86_400_000

/** What happens between the first online run and the final one: changes, and time that passes. */
const course = fc.record({
  first: homeserver,
  mapping: mappingSpec,
  changes: fc.array(change, { minLength: 1, maxLength: 2 }),
  /** Accounts of one batch, so that what belongs together falls apart. */
  batchSize: fc.constantFrom(2, 4, 5000),
})

describe(`${CASES} homeservers of any kind that change between online runs`, () => {
  const coverage: Coverage = { met: new Set() }
  let bench: Workbench

  beforeAll(async () => {
    bench = await openWorkbench(testPostgres(), 'property_online')
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  })
  afterAll(() => bench?.close())

  test('are at MAS in the end what they are at Synapse, and a run after that changes nothing', {
    timeout: CASES * 15_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({ first, mapping, changes, batchSize }) => {
        let rows = first
        let asOf = AS_OF - STEP * changes.length
        const run = (): MigrationRequest => inBatchesOf(batchSize, bench.request({ mapping, asOf }))
        await bench.emptyMas()
        await bench.fill(rows)
        await migratedAs('online', run())
        let document: RunDocument | undefined
        for (const [index, next] of changes.entries()) {
          rows = changed(rows, next)
          asOf += STEP
          await bench.fill(rows)
          document = await migratedAs(index === changes.length - 1 ? 'final' : 'online', run())
        }
        const rules = { mapping, asOf }
        if (document) await expectAccountedFor(bench, rules, document, coverage)
        await expectMigrated(bench, rules, 'kept')
        const before = await readTargetState(testPostgres(), bench.ends.mas.database)
        await migrated(run())
        expect(await readTargetState(testPostgres(), bench.ends.mas.database)).toEqual(before)
      }),
      { numRuns: CASES, seed: SEED },
    )
  })

  // The cases that are migrated in one go reach all of them; of these only many do.
  if (LONG_CASES) {
    test('every reason code was reached', () => {
      expect(unreached(coverage)).toEqual([])
    })
  }
})
