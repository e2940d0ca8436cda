import { randomBytes } from 'node:crypto'
import type { PhaseTime, PlanDocument, RunDocument } from '../report/documents.ts'
import { requireClear } from './gate.ts'
import { peakMemory } from './peak-memory.ts'
import { toPlan } from './plan.ts'
import { withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { migrateSlowly } from './slow-road/migrate-slowly.ts'

export interface MigrateRequest extends MigrationRequest {
  /** Shown the plan before anything is written; false ends the run with nothing done. */
  readonly confirm: (plan: PlanDocument) => Promise<boolean>
}

/**
 * Checks, plans, asks, and moves everything in one go.
 * @returns undefined when the answer was no.
 */
export const migrate = (request: MigrateRequest): Promise<RunDocument | undefined> => {
  const started = performance.now()
  const runId = newRunId(new Date())
  return withPrepared(request, 'migrate', async (prepared) => {
    const { target, readers, decisions, asOf, relations } = prepared
    const road = target.sql
    if (road === undefined) return migrateSlowly(request, prepared)
    requireClear(prepared.head)
    const plan = toPlan(request, prepared)
    const prepareTime = performance.now() - started
    if (!(await request.confirm(plan))) return undefined
    const confirmed = performance.now()
    const loaded = await road.load({
      ends: 'in place',
      prints: { queries: [], decided: decisions, always: decisions, readers },
      decisions,
      readers,
      runId,
      asOf,
      serverName: request.homeserver.serverName,
      mappingSha256: request.mapping.sha256,
      expectedRows: relations.reduce((sum, { carried }) => sum + carried, 0),
      progress: request.progress,
      signal: request.signal,
    })
    const phases: readonly PhaseTime[] = [{ phase: 'prepare', milliseconds: Math.round(prepareTime) }, ...loaded.phases]
    return {
      ...plan,
      kind: 'run',
      runId,
      tables: loaded.tables,
      phases,
      milliseconds: Math.round(prepareTime + performance.now() - confirmed),
      peakMemory: peakMemory(),
    }
  })
}

/** `20261121-031500-9f3a`: sorts by time, and two runs of one second differ. */
const newRunId = (now: Date): string => {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').split('T')
  return `${date}-${time}-${randomBytes(2).toString('hex')}`
}
