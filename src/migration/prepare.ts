import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { requireKnownProviders } from '../mapping/provider-rules.ts'
import { requireFollowed } from '../mapping/require-followed.ts'
import { cancelRunning } from '../postgres/cancel.ts'
import type { CheckDocument, CohortCount, RelationCount } from '../report/documents.ts'
import type { ProviderUse } from '../report/plan-parts.ts'
import type { Relations } from '../synapse/relations.ts'
import { explainReplicaConflict } from '../synapse/replica.ts'
import { openSnapshot } from '../synapse/snapshot.ts'
import type { RoadHistory } from '../targets/road-history.ts'
import type { Target } from '../targets/target.ts'
import { type Asked, type ChosenRoad, chooseRoad, roadSeen } from './choose-road.ts'
import { lookAtEnds } from './look-at-ends.ts'
import type { Naming } from './naming.ts'
import { boundPlan } from './planned/bound-plan.ts'
import type { BindingPlan } from './planned/plan-file.ts'
import type { PreparedCohorts } from './prepare-cohorts.ts'
import type { MigrationRequest } from './request.ts'
import { sourceIsComplete } from './source-is-complete.ts'

/** Source and target opened and looked at, the decision made and counted. */
export interface Prepared extends PreparedCohorts {
  readonly target: Target
  readonly readers: readonly Client[]
  /** One more within the same snapshot, which names accounts while the others read their rows. */
  readonly scout: Client
  readonly decisions: RawBuilder<unknown>
  /** Of which the decisions are made: for making them again, for some accounts only. */
  readonly source: { readonly relations: Relations; readonly rules: DecisionRules; readonly naming?: Naming }
  readonly asOf: number
  /** The plan that the run is bound to. */
  readonly plan?: BindingPlan
  /** What is known of earlier runs, and which road that leads to; absent where the target has no road by SQL. */
  readonly history?: RoadHistory
  readonly road?: ChosenRoad
  /** The document's head, with all findings, those acknowledged marked. */
  readonly head: Omit<CheckDocument, 'kind'>
  /** Counted as the relations are; absent where there are no cohorts. */
  readonly cohorts?: readonly CohortCount[]
  /** Of everybody, whichever cohort is looked at; absent where the source is not counted. */
  readonly providers?: readonly ProviderUse[]
  /** Of one cohort, where one is looked at. Empty where the source cannot be read, and where it is not counted: when a copy is brought up to date. */
  readonly relations: readonly RelationCount[]
}

/**
 * look: everything is checked and counted; without an as-of time, now is the start. verify: the last finished
 * run's as-of time counts, the decision is made again, and the target's state, full of people by now, is not judged.
 * What is asked of a migration: checked for the road that it takes; a resumed run keeps its as-of time.
 */
export type Purpose = 'look' | 'verify' | Asked

/** Opens both ends, prepares, gives the result to `work`, and closes both ends whatever happens. */
export const withPrepared = async <Result>(
  request: MigrationRequest,
  purpose: Purpose,
  work: (prepared: Prepared) => Promise<Result>,
): Promise<Result> => {
  const { progress, signal } = request
  progress.phase('prepare')
  const target = await request.openTarget(signal)
  try {
    requireKnownProviders(target.providers, request.mapping)
    requireFollowed(request.mapping, target)
    const takenBack = await target.takeOver?.()
    if (takenBack !== undefined) progress.note(takenBack)
    const history = await target.sql?.history()
    const road = history === undefined ? undefined : roadOf(history, purpose)
    const kept = purpose === 'verify' ? history?.runs[0]?.asOf : (road?.resumes ?? road?.completes)?.asOf
    const plan = typeof purpose === 'string' ? undefined : await boundPlan(request, road?.resumes?.runId)
    // Never a plan's: what has expired since would live again at a target that knows no expiry.
    const asOf = request.asOf ?? kept ?? Date.now()
    const primary = road?.kind === 'final' ? await sourceIsComplete(request) : { connections: [] }
    const snapshot = await openSnapshot(request.source, {
      count: request.readers + 1,
      applicationName: 'syn2op source',
      signal,
    })
    // A statement over all of a large homeserver runs for minutes; who stops us does not wait for its end.
    const cancel = (): void => void Promise.all(snapshot.readers.map(cancelRunning))
    signal.addEventListener('abort', cancel, { once: true })
    try {
      signal.throwIfAborted()
      const seen = {
        ...(history === undefined ? {} : { history }),
        ...(road === undefined ? {} : { road }),
        ...(plan === undefined ? {} : { plan }),
      }
      return await work({
        ...(await lookAtEnds(request, { purpose, target, snapshot, asOf, history, road, primary, plan })),
        ...seen,
      })
    } catch (error) {
      throw explainReplicaConflict(error)
    } finally {
      signal.removeEventListener('abort', cancel)
      await snapshot.close()
    }
  } finally {
    await target.close()
  }
}

const roadOf = (history: RoadHistory, purpose: Purpose): ChosenRoad =>
  typeof purpose === 'string' ? roadSeen(history) : chooseRoad(history, purpose)
