import type { PlanDocument } from '../../report/documents.ts'
import type { ChosenRoad } from '../choose-road.ts'
import type { BindingPlan } from '../planned/plan-file.ts'

type Foretelling = Pick<BindingPlan['document'], 'forecast' | 'decided' | 'cohort'>

/** The plan's forecast, where the run does all that it was made of and no more: else nothing is foretold of the run. Pure. */
export const foretold = (
  { forecast, decided, cohort }: Foretelling,
  { kind, road, part, resumes, completes }: ChosenRoad,
): Pick<PlanDocument, 'forecast'> => {
  const isWhole = resumes === undefined && completes === undefined && part?.cohort === cohort
  const isAllOfIt = part === undefined || part.cohort !== undefined
  if (
    forecast === undefined ||
    !isWhole ||
    !isAllOfIt ||
    road !== decided.road ||
    kind !== kindFor(decided.road, cohort)
  )
    return {}
  return { forecast }
}

/** A plan of everybody in a copy that stands aside foretells its end. */
const kindFor = (road: ChosenRoad['road'], cohort: string | undefined): ChosenRoad['kind'] => {
  if (road !== 'copy') return road
  return cohort === undefined ? 'final' : 'online'
}
