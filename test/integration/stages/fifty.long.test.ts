import { beforeAll, expect, test } from 'vitest'
import type { CohortRule } from '../../../src/mapping/mapping.ts'
import { REST } from '../../../src/mapping/mapping.ts'
import { KILLS_ASKED } from '../../support/faults/seed.ts'
import { expectConverged, type Places } from '../../support/migration/online.ts'
import { countAccounts, migratedWith, stagedPlaces, stagedRequest } from '../../support/migration/stages.ts'
import { rolledBack } from '../../support/rollback/roll-back.ts'
import { readTargetState } from '../../support/target-state.ts'

const COUNT = 50

/** Which of them are taken back: all in the long form, and of fewer and larger ones every third in the short one. */
const [EACH, AS_ONE] = KILLS_ASKED === undefined ? [3, 3] : [1, 1]

/** Parts of about the same size: each share has the one before it in it. */
const FIFTY: readonly CohortRule[] = Array.from({ length: COUNT - 1 }, (_, index) => ({
  name: `part-${index + 1}`,
  match: { percent: ((index + 1) * 100) / COUNT },
}))

const NAMES = [...FIFTY.map(({ name }) => name), REST]

const TAKEN_BACK = FIFTY.filter((_, index) => (index + 1) % AS_ONE === 0)

let both: Places
let atOnce: Places
let backAndForth: Places

const state = ({ target: { postgres, database } }: Places) => readTargetState(postgres, database)

beforeAll(async () => {
  both = await stagedPlaces('stages_fifty', 500)
  const { postgres } = both.target
  const another = async (database: string): Promise<Places> => {
    await postgres.createDatabase(database, { template: both.target.database })
    return { ...both, target: { postgres, database } }
  }
  atOnce = await another('stages_fifty_at_once')
  backAndForth = await another('stages_fifty_back_and_forth')
})

test('fifty cohorts, every seventh of them interrupted, end in the rows, indexes and constraints of one migration', {
  timeout: 600_000,
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
  expect(await state(both)).toEqual(await state(atOnce))
  await expectConverged(both)
})

test(`${TAKEN_BACK.length + 1} cohorts, ${EACH === 1 ? 'each' : 'every third'} taken back once as a run or by its name, leave what was there before, and end as all at once`, {
  timeout: 600_000,
}, async () => {
  const request = stagedRequest(backAndForth, TAKEN_BACK)
  for (const [index, cohort] of [...TAKEN_BACK.map(({ name }) => name), REST].entries()) {
    const isTakenBack = index % EACH === 0
    const before = isTakenBack ? await state(backAndForth) : undefined
    await migratedWith(request, { cohort })
    if (!isTakenBack) continue
    const after = await state(backAndForth)
    await rolledBack(request, (index / EACH) % 2 === 0 ? 'last' : cohort)
    expect(await state(backAndForth), `without ${cohort}`).toEqual(before)
    await migratedWith(request, { cohort })
    expect(await state(backAndForth), `with ${cohort} again`).toEqual(after)
  }
  await migratedWith(request, { mode: 'final' })
  await expectConverged(backAndForth)
})
