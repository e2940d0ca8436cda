import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { RollbackPlan, RollbackScope, RollbackSource } from '../../targets/road-rollback.ts'
import { requireClear } from '../gate.ts'
import { newRunId } from '../new-run-id.ts'
import { neverAsked } from '../pacing/stop-soon.ts'
import { type Prepared, withPrepared } from '../prepare.ts'
import { recorded, recordedProgress, silentRecorder } from '../run-recorder.ts'
import { rollbackSlowly } from '../slow-road/rollback-slowly.ts'
import { cannotRollBack } from './cannot.ts'
import { howToGoOn } from './how-to-go-on.ts'
import type { RollbackRequest } from './request.ts'
import { scopeOf } from './scope-of.ts'
import { withSourceNow } from './source-now.ts'

/**
 * Takes back a run or a cohort: shows first what that does and what people would lose, asks, and removes only what was
 * created by it. What is done stands, and the same call does the rest.
 * @returns undefined when the answer was no.
 * @throws Syn2opError run.missing, run.not-possible; what target and source raise.
 */
export const rollback = (request: RollbackRequest): Promise<RollbackDocument | undefined> => {
  const started = performance.now()
  // What the source has now decides what may come back.
  const asOf = request.asOf ?? Date.now()
  return withPrepared({ ...request, asOf }, 'verify', async (prepared) => {
    const { target, head, history, decisions, readers } = prepared
    const road = target.sql
    if (road === undefined) return rollbackSlowly(request, prepared)
    if (road.planRollback === undefined || road.rollback === undefined || history === undefined) {
      throw cannotRollBack(target.name)
    }
    requireClear({ findings: head.findings.filter(({ severity }) => severity === 'error') })
    const scope = scopeOf(request.what, history)
    const { used, signal, stopSoon = neverAsked, recorder = silentRecorder } = request
    const source: RollbackSource = { decisions, readers, signal, used }
    request.progress.phase('look')
    const plan = documentOf(request, prepared, { scope, plan: await road.planRollback(scope, source) })
    const looked = performance.now()
    if (!(await request.confirm(plan))) return undefined
    const confirmed = performance.now()
    const runId = newRunId(new Date())
    const progress = recordedProgress(recorder, request.progress)
    // Nobody agreed to the loss of work that there was none of when it was shown.
    const agreed = plan.used === 0 ? 'keep' : used
    const work = async (): Promise<RollbackDocument> => {
      const told = { stopSoon: stopSoon.asked, batchDone: recorder.batchApplied, progress }
      // Who was asked may have taken their time, and Synapse has gone on meanwhile.
      const takeBack = () =>
        withSourceNow(request, prepared, async (now) =>
          road.rollback?.(scope, { ...source, ...now, ...told, used: agreed }),
        ).catch((error: unknown) => {
          throw howToGoOn(error, request, scope)
        })
      // Back to empty is one transaction: there is nothing to finish first.
      const done = await (plan.way === 'empty' ? takeBack() : stopSoon.finishing(takeBack))
      if (done === undefined) throw cannotRollBack(target.name)
      const milliseconds = Math.round(looked - started + performance.now() - confirmed)
      return { ...documentOf({ used: agreed }, prepared, { scope, plan: done }), runId, milliseconds }
    }
    return recorded(request, { runId, kind: 'rollback', plan }, work)
  })
}

const documentOf = (
  { used: usedAccounts }: Pick<RollbackRequest, 'used'>,
  { head }: Prepared,
  { scope, plan }: { readonly scope: RollbackScope; readonly plan: RollbackPlan },
): RollbackDocument => ({
  kind: 'rollback',
  ...head,
  // What stands in the way of a migration is no matter here.
  findings: [],
  of: scope.kind === 'run' ? { kind: 'run', name: scope.runId } : { kind: 'cohort', name: scope.name },
  ...plan,
  usedAccounts,
})
