import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CohortRule } from '../../src/mapping/mapping.ts'
import { REST } from '../../src/mapping/mapping.ts'
import type { MigrateRequest } from '../../src/migration/migrate.ts'
import type { RunDocument } from '../../src/report/documents.ts'
import { STAGE_CASES as CASES, SEED } from '../support/generated/cases.ts'
import { change, changed, homeserver } from '../support/generated/homeserver.ts'
import { mappingSpec } from '../support/generated/specs.ts'
import { AS_OF } from '../support/generated/values.ts'
import { openWorkbench, type Workbench } from '../support/generated/workbench.ts'
import { migratedWith } from '../support/migration/stages.ts'
import { testPostgres } from '../support/postgres.ts'
import { type Coverage, expectAccountedFor, expectMigrated } from '../support/properties/examine.ts'

const HOUR = 3_600_000

const COHORTS: readonly CohortRule[] = [
  { name: 'some', match: { percent: 40 } },
  { name: 'administrators', match: { admin: true } },
  { name: 'with-mail', match: { emailDomains: ['example.org', 'mail.example'] } },
]

const NAMES = [...COHORTS.map(({ name }) => name), REST]

/** One run of a part of the accounts, and what people did after it. */
const stage = (cohort: fc.Arbitrary<string>) =>
  fc.record({
    cohort,
    limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 4 }),
    change: fc.option(change, { nil: undefined }),
  })

/** Every cohort has its turn in whatever order, some of them several times. */
const course = fc
  .record({
    first: homeserver,
    mapping: mappingSpec,
    order: fc.shuffledSubarray([...NAMES], { minLength: NAMES.length }),
    again: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
    batchSize: fc.constantFrom(2, 5000),
  })
  .chain(({ order, again, ...given }) =>
    fc.record({
      first: fc.constant(given.first),
      mapping: fc.constant(given.mapping),
      batchSize: fc.constant(given.batchSize),
      stages: fc.tuple(...[...order, ...again].map((name) => stage(fc.constant(name)))),
    }),
  )

describe(`${CASES} homeservers of any kind, migrated cohort by cohort while they change`, () => {
  const coverage: Coverage = { met: new Set() }
  let bench: Workbench

  beforeAll(async () => {
    bench = await openWorkbench(testPostgres(), 'property_stages')
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  })
  afterAll(() => bench?.close())

  test('are at MAS in the end what they are at Synapse', { timeout: CASES * 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({ first, mapping, batchSize, stages }) => {
        let rows = first
        let asOf = AS_OF - HOUR * stages.length
        const run = (asked: Pick<MigrateRequest, 'mode' | 'cohort' | 'limit'>): Promise<RunDocument> => {
          const request = bench.request({ mapping, asOf })
          return migratedWith(
            {
              ...request,
              mapping: { ...request.mapping, cohorts: COHORTS },
              openTarget: async (signal) => ({ ...(await request.openTarget(signal)), batchSize }),
            },
            asked,
          )
        }
        await bench.emptyMas()
        await bench.fill(rows)
        for (const { cohort, limit, change: next } of stages) {
          const document = await run({ cohort, ...(limit === undefined ? {} : { limit }) })
          expect(document.cohort).toBe(cohort)
          expect(document.proof?.wrongRows ?? 0).toBe(0)
          if (next !== undefined) {
            rows = changed(rows, next)
            await bench.fill(rows)
          }
          asOf += HOUR
        }
        const final = await run({ mode: 'final' })
        expect(final.refused).toBeUndefined()
        await expectAccountedFor(bench, { mapping, asOf }, final, coverage)
        await expectMigrated(bench, { mapping, asOf }, 'kept')
      }),
      { numRuns: CASES, seed: SEED },
    )
  })
})
