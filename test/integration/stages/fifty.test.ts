import { beforeAll, expect, test } from 'vitest'
import type { CohortRule } from '../../../src/mapping/mapping.ts'
import { REST } from '../../../src/mapping/mapping.ts'
import { expectConverged, type Places } from '../../support/migration/online.ts'
import { countAccounts, migratedWith, stagedPlaces, stagedRequest } from '../../support/migration/stages.ts'
import { readTargetState } from '../../support/target-state.ts'

const COUNT = 50

/** Parts of about the same size: each share has the one before it in it. */
const FIFTY: readonly CohortRule[] = Array.from({ length: COUNT - 1 }, (_, index) => ({
  name: `part-${index + 1}`,
  match: { percent: ((index + 1) * 100) / COUNT },
}))

const NAMES = [...FIFTY.map(({ name }) => name), REST]

let both: Places
let atOnce: Places

beforeAll(async () => {
  both = await stagedPlaces('stages_fifty', 500)
  const { postgres } = both.target
  await postgres.createDatabase('stages_fifty_at_once', { template: both.target.database })
  atOnce = { ...both, target: { postgres, database: 'stages_fifty_at_once' } }
})

test('fifty cohorts, every seventh of them interrupted, end in the rows, indexes and constraints of one migration', {
  timeout: 300_000,
}, async () => {
  let interrupted = 0
  for (const [index, cohort] of NAMES.entries()) {
    if (index % 7 === 6) {
      // In the middle of it, wherever that is.
      const stop = new AbortController()
      setTimeout(() => stop.abort(new Error('interrupted')), 40 + index * 8)
      await migratedWith({ ...stagedRequest(both, FIFTY), signal: stop.signal }, { cohort }).catch(() => interrupted++)
    }
    await migratedWith(stagedRequest(both, FIFTY), { cohort })
  }
  expect(interrupted).toBeGreaterThan(2)
  const final = await migratedWith(stagedRequest(both, FIFTY), { mode: 'final' })
  expect(final.stages?.reduce((sum, { recorded }) => sum + recorded, 1)).toBe(await countAccounts(both))

  await migratedWith(stagedRequest(atOnce, []), { mode: 'online' })
  await migratedWith(stagedRequest(atOnce, []), { mode: 'final' })
  const state = ({ target: { postgres, database } }: Places) => readTargetState(postgres, database)
  expect(await state(both)).toEqual(await state(atOnce))
  await expectConverged(both)
})
