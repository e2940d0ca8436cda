import type { Auth0PrepareDocument } from '../../../report/auth0-prepare-document.ts'
import { syn2opVersion } from '../../../version.ts'
import { recordFile } from '../../prepare/record-file.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { readAction } from '../check/read-action.ts'
import { readConnections } from '../check/read-connections.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { applySteps } from './apply-steps.ts'
import type { Lacking } from './option-changes.ts'
import { type PreparePlan, planPrepare } from './plan-prepare.ts'
import { type Ids, shownStep } from './shown-steps.ts'
import { newRecord } from './undo-record.ts'

export interface PrepareRequest {
  readonly api: ManagementApi
  readonly config: Auth0Config
  readonly lacking: Lacking
  readonly signal: AbortSignal
}

interface ApplyRequest extends PrepareRequest {
  /** The folder where the record is kept. */
  readonly runs: string
  /** Told when a step begins. */
  readonly note: (message: string) => void
}

/** What prepare would do, with what it takes to do it. */
export interface Prepared {
  readonly plan: PreparePlan
  readonly ids: Ids
  readonly document: Auth0PrepareDocument
}

/**
 * Looks at the tenant and says what is to be done. Writes nothing.
 * @throws Syn2opError server.unreachable, target.not-allowed
 */
export const showPrepare = async ({ api, config, lacking, signal }: PrepareRequest): Promise<Prepared> => {
  const scopes = await api.scopes(signal)
  const may = (scope: string): boolean => scopes?.includes(scope) ?? true
  const seen = await readConnections({ api, config, signal }, may)
  const action = await readAction({ api, config, signal }, may)
  const known = { ...(scopes === undefined ? {} : { scopes }), ...(action === undefined ? {} : { action }) }
  const plan = planPrepare({ ...seen, ...known }, { config, lacking })
  const there = [...(seen.connection === undefined ? [] : [seen.connection]), ...seen.providers]
  const ids = new Map(there.map(({ name, id }) => [name, id]))
  return {
    plan,
    ids,
    document: { ...documentOf(config, plan), action: 'plan', steps: plan.steps.map((step) => shownStep(step, ids)) },
  }
}

const documentOf = (
  { url, connection }: Auth0Config,
  { byHand }: PreparePlan,
): Omit<Auth0PrepareDocument, 'action' | 'steps'> => ({
  kind: 'auth0-prepare',
  format: 1,
  syn2op: syn2opVersion(),
  target: { url, connection },
  byHand,
})

export interface AppliedPrepare {
  readonly document: Auth0PrepareDocument
  /** Why it ended before its end. */
  readonly error?: unknown
}

/**
 * Does what was shown. Before anything else a file says what will be done, and how it is taken back.
 * @throws Syn2opError run.unwritable before anything was done; what goes wrong later is returned
 */
export const applyPrepare = async (
  { plan, ids }: Pick<Prepared, 'plan' | 'ids'>,
  { api, config, runs, note, signal }: Omit<ApplyRequest, 'lacking'>,
): Promise<AppliedPrepare> => {
  const record = newRecord(config, plan.steps, new Date())
  const file = recordFile(runs, record)
  const { outcomes, error } = await applySteps(plan.steps, { api, file, record, runs, note, signal })
  return {
    document: {
      ...documentOf(config, plan),
      action: 'applied',
      steps: plan.steps.map((step) =>
        shownStep(
          step,
          ids,
          outcomes.find(({ id }) => id === step.id),
        ),
      ),
      undoFile: file,
    },
    ...(error === undefined ? {} : { error }),
  }
}
