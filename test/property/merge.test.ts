import fc from 'fast-check'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../src/migration/request.ts'
import { verify } from '../../src/migration/verify.ts'
import type { RunDocument } from '../../src/report/documents.ts'
import { isAccountedFor } from '../../src/report/totals.ts'
import { MERGE_CASES as CASES, SEED } from '../support/generated/cases.ts'
import { change, changed, homeserver } from '../support/generated/homeserver.ts'
import {
  differences,
  doAll,
  doings,
  foreigners,
  forgetPeople,
  ofTheirOwn,
  readPeople,
  register,
} from '../support/generated/mas-people.ts'
import { mappingSpec } from '../support/generated/specs.ts'
import { AS_OF } from '../support/generated/values.ts'
import { openWorkbench, type Workbench } from '../support/generated/workbench.ts'
import { inBatchesOf } from '../support/migration/requests.ts'
import { migrated, wrongTables } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'

const PROVIDER = '01563e3a-b5d3-d676-4c61-efb99302bd5b'

const conflicts = fc.record({
  username: fc.constantFrom('hold_back' as const, 'adopt' as const),
  email: fc.constantFrom('hold_back' as const, 'leave' as const),
  identity: fc.constantFrom('hold_back' as const, 'leave' as const),
})

const course = fc.record({
  first: homeserver,
  mapping: mappingSpec,
  conflicts,
  people: foreigners,
  newcomers: foreigners,
  meanwhile: doings,
  changes: change,
  batchSize: fc.constantFrom(1, 3, 5000),
})

const expectSound = ({ outcomes = [], relations }: RunDocument): void => {
  expect(outcomes.filter(({ outcome }) => outcome === 'rejected' || outcome === 'not attempted')).toEqual([])
  expect(relations.filter((relation) => !isAccountedFor(relation))).toEqual([])
}

describe(`${CASES} homeservers of any kind that are merged into a MAS whose people use it`, () => {
  let bench: Workbench
  let mas: Client

  beforeAll(async () => {
    bench = await openWorkbench(testPostgres(), 'property_merge')
    mas = await testPostgres().superuser(bench.ends.mas.database)
    await mas.query("SET application_name = 'psql'")
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  })
  afterAll(async () => {
    await mas?.end()
    await bench?.close()
  })

  test('leave alone what is theirs, and nothing else is amiss', { timeout: CASES * 20_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        course,
        async ({ first, mapping, people, newcomers, meanwhile, changes, batchSize, ...rules }) => {
          const run = (): MigrationRequest =>
            inBatchesOf(batchSize, bench.request({ mapping: { ...mapping, ...rules }, asOf: AS_OF }))
          await forgetPeople(mas)
          await bench.emptyMas()
          await bench.fill(first)
          await register(mas, people, PROVIDER)

          const own = ofTheirOwn(await readPeople(mas))
          if (own.size === 0) await migrated(run())
          else expectSound(await migrated(run()))
          const before = await readPeople(mas)
          expect(ofTheirOwn(before)).toEqual(own)
          expect(wrongTables(await verify(run()))).toEqual([])

          await doAll(mas, meanwhile)
          const known = new Set(people.map(({ username }) => username))
          const taken = new Set([...before.values()].map((row) => row.split(',')[1]))
          await register(
            mas,
            newcomers.filter(({ username }) => !known.has(username) && !taken.has(username)),
            PROVIDER,
          )
          const used = await readPeople(mas)
          const theirs = differences(before, used)
          await bench.fill(changed(first, changes))

          expectSound(await migrated(run()))
          const after = await readPeople(mas)
          expect(ofTheirOwn(after)).toEqual(ofTheirOwn(used))
          expect([...theirs].map(([key]) => [key, after.get(key)])).toEqual([...theirs])
          expect(wrongTables(await verify(run()))).toEqual([])

          expectSound(await migrated(run()))
          expect(await readPeople(mas)).toEqual(after)
        },
      ),
      { numRuns: CASES, seed: SEED, endOnFailure: true },
    )
  })
})
