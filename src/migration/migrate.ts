import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PlanDocument, RunDocument } from '../report/documents.ts'
import type { PlanDrift } from '../report/plan-comparison.ts'
import type { SqlRoad } from '../targets/sql-road.ts'
import type { RunIdentity } from '../targets/target.ts'
import type { Asked, ChosenRoad, MigrateMode } from './choose-road.ts'
import { foretold } from './forecast/foretold.ts'
import { foreseen } from './foreseen.ts'
import { requireClear } from './gate.ts'
import { goOn } from './go-on.ts'
import { loadWhole } from './load-whole.ts'
import { newRunId } from './new-run-id.ts'
import { toPlan } from './plan.ts'
import { requireAsPlanned } from './planned/as-planned.ts'
import { type OutcomeGroups, outcomeCollector } from './planned/outcome-groups.ts'
import { type Prepared, withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { recorded, recordedProgress, silentRecorder } from './run-recorder.ts'
import { deathOf } from './runs/death.ts'
import { migrateSlowly } from './slow-road/migrate-slowly.ts'

export interface MigrateRequest extends MigrationRequest {
  /** Without it: everything at once, or beside the people that the target has. */
  readonly mode?: MigrateMode
  /** Go on with the run that did not end, under its name and by its as-of time. */
  readonly resume?: boolean
  /** Shown the plan before anything is written; false ends the run with nothing done. */
  readonly confirm: (plan: PlanDocument) => Promise<boolean>
}

/** What every road of a migration works with. */
export interface RunWork {
  readonly request: MigrateRequest
  readonly prepared: Prepared
  readonly road: SqlRoad
  readonly chosen: ChosenRoad
  readonly identity: RunIdentity
  readonly plan: PlanDocument
  /** Milliseconds so far without the question to the person. */
  readonly elapsed: () => number
}

/**
 * Checks, plans, asks, and takes the road that fits what is asked and how far the target has come.
 * @returns undefined when the answer was no.
 */
export const migrate = (request: MigrateRequest): Promise<RunDocument | undefined> => {
  const asked = askedOf(request)
  const started = performance.now()
  if (asked.resume && request.asOf !== undefined) throw asOfIsKept()
  return withPrepared(request, asked, async (prepared) => {
    const { target, asOf, road: chosen } = prepared
    const road = target.sql
    if (road === undefined || chosen === undefined) return migrateSlowly(request, prepared, asked)
    requireClear(prepared.head)
    const plan: PlanDocument = {
      ...toPlan(request, prepared, await driftSince(request, prepared)),
      ...(prepared.plan === undefined ? {} : foretold(prepared.plan.document, chosen)),
    }
    const prepareTime = performance.now() - started
    if (!(await request.confirm(plan))) return undefined
    const confirmed = performance.now()
    const { recorder = silentRecorder } = request
    const { resumes } = chosen
    const runId = resumes?.runId ?? newRunId(new Date())
    const { serverName } = request.homeserver
    const work: RunWork = {
      request: { ...request, progress: recordedProgress(recorder, request.progress) },
      prepared,
      road,
      chosen,
      identity: { runId, asOf, serverName, mappingSha256: request.mapping.sha256 },
      plan,
      elapsed: () => Math.round(prepareTime + performance.now() - confirmed),
    }
    const death = await deathOf(request.runs, prepared.history?.unfinished?.runId)
    const start = {
      runId,
      kind: chosen.kind,
      plan,
      ...(prepared.plan === undefined ? {} : { boundTo: prepared.plan.document }),
      ...(resumes === undefined ? {} : { resumes: resumes.runId }),
      ...(chosen.part?.cohort === undefined ? {} : { cohort: chosen.part.cohort }),
      ...(request.limit === undefined ? {} : { limit: request.limit }),
    }
    return recorded(request, start, () => {
      if (death !== undefined) work.request.progress.note(death)
      return chosen.road === 'load' && chosen.part === undefined ? loadWhole(work) : goOn(work)
    })
  })
}

/**
 * What is new since the plan that the run is bound to. A run that goes on has done a part of it already, so of that only the
 * decisions are compared.
 */
const driftSince = async (request: MigrationRequest, prepared: Prepared): Promise<PlanDrift | undefined> => {
  const { plan, road } = prepared
  if (plan === undefined) return undefined
  const isWhole = road?.road === 'merge' && road.resumes === undefined
  const outcomes = async (): Promise<OutcomeGroups> => {
    const collector = outcomeCollector()
    await foreseen(request, prepared, collector)
    return collector.groups()
  }
  return requireAsPlanned(plan, request, { prepared, ...(isWhole ? { outcomes } : {}) })
}

const askedOf = ({ mode = 'migrate', resume = false, cohort, limit }: MigrateRequest): Asked => ({
  mode,
  resume,
  ...(cohort === undefined ? {} : { cohort }),
  ...(limit === undefined ? {} : { limit }),
})

const asOfIsKept = (): Syn2opError =>
  new Syn2opError('usage', 'A resumed run keeps its own as-of time, so that it ends as it would have', {
    next: ['Leave out --as-of, or begin another run without --resume.'],
  })
