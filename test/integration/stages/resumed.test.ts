import { beforeEach, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { Target } from '../../../src/targets/target.ts'
import { expectConverged, type Places } from '../../support/migration/online.ts'
import {
  accountsOf,
  countOf,
  migratedWith,
  NAMES,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'
import { readJournal } from '../../support/target-state.ts'

/** Batches of a few accounts, of which the target takes so many before it is gone. */
const failingAfter = (request: MigrationRequest, batches: number): MigrationRequest => ({
  ...request,
  readers: 1,
  openTarget: async (signal) => {
    const target = await request.openTarget(signal)
    let left = batches
    const apply: Target['apply'] = (changes, run) => {
      if (left-- > 0) return target.apply(changes, run)
      throw new Error('the target is gone')
    }
    return { ...target, batchSize: 4, apply }
  },
})

describe('a run of a cohort that did not end', () => {
  let both: Places
  let place = 0

  beforeEach(async () => {
    both = await stagedPlaces(`stages_resumed_${place++}`, 150)
  })

  const breakOff = async (cohort: string, batches: number) => {
    await expect(migratedWith(failingAfter(stagedRequest(both), batches), { cohort })).rejects.toThrow(
      'the target is gone',
    )
    const left = await readJournal(both.target.postgres, both.target.database)
    expect(left?.state).toBe('open')
    return left?.runId
  }

  test('is gone on with under its name and for its cohort, whether that is named again or not', async () => {
    await migratedWith(stagedRequest(both), { cohort: 'admins' })
    const runId = await breakOff('pilot', 1)
    const { asOf: _, ...request } = stagedRequest(both)
    const resumed = await migratedWith(request, { resume: true })
    expect(resumed).toMatchObject({ runId, cohort: 'pilot', resumed: true })
    expect(countOf(resumed, 'unchanged')).toBeGreaterThan(0)
    expect(stageNamed(resumed, 'pilot').recorded).toBe(accountsOf(resumed))
    expect(stageNamed(resumed, 'company')).toMatchObject({ begun: false, recorded: 0 })
  })

  test('is not taken for one of another cohort', async () => {
    await breakOff('pilot', 1)
    const { asOf: _, ...request } = stagedRequest(both)
    await expect(migratedWith(request, { resume: true, cohort: 'company' })).rejects.toMatchObject({ code: 'usage' })
  })

  test('stands before the first account, and the others go on from it to the same end', async () => {
    await breakOff('admins', 0)
    for (const cohort of NAMES) {
      if (cohort === 'company') await breakOff(cohort, 2)
      await migratedWith(stagedRequest(both), { cohort })
    }
    const final = await migratedWith(stagedRequest(both), { mode: 'final' })
    expect(final.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    await expectConverged(both)
  })
})
