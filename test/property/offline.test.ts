import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALL_CASES, OFFLINE_CASES as CASES, SEED } from '../support/generated/cases.ts'
import { homeserver } from '../support/generated/homeserver.ts'
import { mappingSpec } from '../support/generated/specs.ts'
import { AS_OF } from '../support/generated/values.ts'
import { openWorkbench, type Workbench } from '../support/generated/workbench.ts'
import { migrated } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'
import { type Coverage, expectAccountedFor, expectMigrated, unreached } from '../support/properties/examine.ts'
import { readTargetState } from '../support/target-state.ts'

/** Two at a time: each waits for its databases most of the time. The second draws its homeservers by the seed after. */
const HALVES = [SEED, SEED + 1] as const

describe(`${CASES} homeservers of any kind, migrated in one go`, () => {
  const coverage: Coverage = { met: new Set() }
  let benches: readonly Workbench[] = []

  beforeAll(async () => {
    benches = await Promise.all(HALVES.map((_, half) => openWorkbench(testPostgres(), `property_offline_${half}`)))
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  })
  afterAll(() => Promise.all(benches.map((bench) => bench.close())))

  test('every row is accounted for, MAS holds what it should, a verification finds nothing, and a second run changes nothing', {
    timeout: CASES * 10_000,
  }, async () => {
    const half = (bench: Workbench, seed: number): Promise<void> =>
      fc.assert(
        fc.asyncProperty(homeserver, mappingSpec, async (rows, mapping) => {
          const rules = { mapping, asOf: AS_OF }
          await bench.emptyMas()
          await bench.fill(rows)
          const document = await migrated(bench.request(rules))
          await expectAccountedFor(bench, rules, document, coverage)
          await expectMigrated(bench, rules, 'derived')
          const before = await readTargetState(testPostgres(), bench.ends.mas.database)
          await migrated(bench.request(rules))
          expect(await readTargetState(testPostgres(), bench.ends.mas.database)).toEqual(before)
        }),
        { numRuns: CASES / HALVES.length, seed },
      )
    const ended = await Promise.allSettled(benches.map((bench, index) => half(bench, HALVES[index] ?? SEED)))
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  })

  // A few cases reach most of them, all cases must reach all.
  if (ALL_CASES) {
    test('every reason code was reached', () => {
      expect(unreached(coverage)).toEqual([])
    })
  } else {
    test('most reason codes were reached', () => {
      expect(unreached(coverage).length).toBeLessThan(8)
    })
  }
})
