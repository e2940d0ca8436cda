import { expect, it } from 'vitest'
import { forecastQuota } from '../../../../src/migration/forecast/forecast-quota.ts'
import type { PlannedWork } from '../../../../src/targets/target.ts'

const outcomes = [
  { outcome: 'created', count: 90 },
  { outcome: 'updated', count: 5 },
  { outcome: 'unchanged', count: 4 },
  { outcome: 'held back', count: 3 },
  { outcome: 'rejected', count: 2 },
] as const

it('asks the target with everybody who would be there, and adds the time until everything is counted', () => {
  let asked: PlannedWork | undefined
  const forecast = forecastQuota({
    prepare: 2,
    outcomes,
    foretell: (planned) => {
      asked = planned
      return {
        phases: [{ phase: 'create', seconds: 60.04 }],
        basis: 'its limits',
        afterwards: [{ what: 'verify', seconds: 30 }],
      }
    },
  })
  expect(asked).toEqual({ outcomes, accounts: 99 })
  expect(forecast).toEqual({
    seconds: 62,
    downtimeSeconds: 0,
    phases: [
      { phase: 'prepare', seconds: 2 },
      { phase: 'create', seconds: 60 },
    ],
    measured: [],
    basis: 'its limits',
    afterwards: [{ what: 'verify', seconds: 30 }],
  })
})

it('foretells nothing where the target cannot', () => {
  expect(forecastQuota({ prepare: 2, outcomes, foretell: () => undefined })).toBeUndefined()
})
