import { describe, expect, it } from 'vitest'
import type { ChosenRoad } from '../../../../src/migration/choose-road.ts'
import { foretold } from '../../../../src/migration/forecast/foretold.ts'
import type { Forecast } from '../../../../src/report/plan-parts.ts'

const forecast: Forecast = { seconds: 180, downtimeSeconds: 180, phases: [], measured: [] }
type Road = 'load' | 'copy' | 'merge'
const plan = (road: Road, cohort?: string) => ({
  forecast,
  decided: { road, rows: { providers: [], target: [] }, accounts: [] },
  ...(cohort === undefined ? {} : { cohort }),
})
const pilot = { cohort: 'pilot' }
const unfinished = { runId: 'r', kind: 'merge', asOf: 0 } as unknown as NonNullable<ChosenRoad['resumes']>

describe('a run that is bound to a plan shows the plan’s forecast', () => {
  it.each<[string, ReturnType<typeof plan>, ChosenRoad]>([
    ['everything at once', plan('load'), { kind: 'load', road: 'load' }],
    ['the end of a copy', plan('copy'), { kind: 'final', road: 'copy' }],
    ['beside people', plan('merge'), { kind: 'merge', road: 'merge' }],
    ['a cohort in a copy', plan('copy', 'pilot'), { kind: 'online', road: 'copy', part: pilot }],
    ['a cohort beside people', plan('merge', 'pilot'), { kind: 'merge', road: 'merge', part: pilot }],
  ])('where it is of that very road: %s', (_, document, road) => {
    expect(foretold(document, road)).toEqual({ forecast })
  })

  it.each<[string, ReturnType<typeof plan>, ChosenRoad]>([
    ['a first copy while Synapse runs', plan('load'), { kind: 'online', road: 'load' }],
    ['a copy that is brought up to date while Synapse runs', plan('copy'), { kind: 'online', road: 'copy' }],
    ['the end of a copy, planned as a load', plan('load'), { kind: 'final', road: 'copy' }],
    ['the first so many', plan('merge'), { kind: 'merge', road: 'merge', part: {} }],
    ['another part', plan('copy'), { kind: 'online', road: 'copy', part: pilot }],
    ['a run that goes on', plan('merge'), { kind: 'merge', road: 'merge', resumes: unfinished }],
  ])('and no other: %s', (_, document, road) => {
    expect(foretold(document, road)).toEqual({})
  })
})
