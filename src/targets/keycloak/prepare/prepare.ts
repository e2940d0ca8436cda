import type { KeycloakPrepareDocument } from '../../../report/keycloak-prepare-document.ts'
import type { OidcClient } from '../../../synapse/oidc-clients.ts'
import { syn2opVersion } from '../../../version.ts'
import { recordFile } from '../../prepare/record-file.ts'
import type { AdminApi } from '../api/admin-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { applySteps, type StepOutcome } from './apply-steps.ts'
import { withEndpoints } from './discover-endpoints.ts'
import { missingProviders, type SynapseKnows } from './identity-provider-steps.ts'
import { type PlanWish, type PreparePlan, planPrepare } from './plan-prepare.ts'
import { type RealmState, readRealmState } from './read-realm-state.ts'
import { realmRepresentation } from './realm-file.ts'
import { shownStep } from './shown-steps.ts'
import { readStatistics } from './statistics.ts'
import type { JsonMap, PrepareStep, StepByHand } from './step.ts'
import { newRecord } from './undo-record.ts'

/** What is wished for, before the providers of Synapse are asked for their endpoints. */
export interface PrepareWish extends Omit<PlanWish, 'providers'> {
  readonly providers: Omit<PlanWish['providers'], 'synapse'> & { readonly synapse?: SynapseKnows<OidcClient> }
}

export interface PrepareRequest {
  readonly config: KeycloakConfig
  readonly wish: PrepareWish
  /** Opened anew once a realm is made: a token knows no rights that came after it. */
  readonly openApi: () => AdminApi
  readonly signal: AbortSignal
}

export interface ApplyPrepareRequest extends PrepareRequest {
  /** The folder where the record is kept. */
  readonly runs: string
  readonly note: (message: string) => void
}

/** What prepare would do, with what it takes to do it. */
export interface Prepared {
  readonly plan: PreparePlan
  readonly document: KeycloakPrepareDocument
  /** As a file for Keycloak. */
  readonly realm: JsonMap
}

const withApi = async <Result>(
  { openApi }: Pick<PrepareRequest, 'openApi'>,
  work: (api: AdminApi) => Promise<Result>,
): Promise<Result> => {
  const api = openApi()
  try {
    return await work(api)
  } finally {
    await api.close()
  }
}

const lookAndPlan = async (
  api: AdminApi,
  { config, wish, signal }: PrepareRequest,
): Promise<{ readonly state: RealmState; readonly plan: PreparePlan }> => {
  const state = await readRealmState(
    api,
    config,
    {
      identityProviders: wish.providers.providers.length === 0 ? 'none' : 'some',
      clientIds: wish.wirings.map(({ application }) => application.clientId),
    },
    signal,
  )
  const statistics = config.database === undefined ? undefined : await readStatistics(config.database, signal)
  return { state, plan: planPrepare(state, await withUpstream(wish, state, signal), statistics) }
}

/** The providers of Synapse with their endpoints, where something is to be made of them. */
const withUpstream = async (wish: PrepareWish, state: RealmState, signal: AbortSignal): Promise<PlanWish> => {
  const { synapse, ...rest } = wish.providers
  if (synapse === undefined) return { ...wish, providers: rest }
  const lacking = missingProviders(state.identityProviders ?? [], rest.providers).map(
    ({ authProvider }) => authProvider,
  )
  const paths = synapse.providers.filter(({ authProvider }) => lacking.includes(authProvider)).map(({ path }) => path)
  const clients = await Promise.all(
    synapse.clients.filter(({ path }) => paths.includes(path)).map((client) => withEndpoints(client, signal)),
  )
  return { ...wish, providers: { ...rest, synapse: { ...synapse, clients } } }
}

/**
 * Looks at Keycloak and says what is to be done. Writes nothing.
 * @throws Syn2opError server.unreachable, target.not-allowed, config.invalid, database.*
 */
export const showPrepare = (request: PrepareRequest): Promise<Prepared> =>
  withApi(request, async (api) => {
    const { state, plan } = await lookAndPlan(api, request)
    return {
      plan,
      document: {
        ...documentOf(request, plan.byHand),
        action: 'plan',
        steps: plan.steps.map((step) => shownStep(step)),
      },
      realm: realmRepresentation(request.wish.realm, state.profile, plan.steps),
    }
  })

const documentOf = (
  { config, wish }: PrepareRequest,
  byHand: readonly StepByHand[],
): Omit<KeycloakPrepareDocument, 'action' | 'steps'> => ({
  kind: 'keycloak-prepare',
  format: 1,
  syn2op: syn2opVersion(),
  target: { url: config.url, realm: config.realm },
  byHand,
  wirings: wish.wirings.map(({ application, file, block }) => ({ application: application.id, file, block })),
})

export interface AppliedPrepare {
  readonly document: KeycloakPrepareDocument
  /** Why it ended before its end. */
  readonly error?: unknown
}

/**
 * Does what was shown. Before anything else a file says what will be done, and how it is taken back; of a realm that is made, the
 * rest is planned once it is there.
 * @throws Syn2opError run.unwritable before anything was done; what goes wrong later is returned
 */
export const applyPrepare = async ({ plan }: Prepared, request: ApplyPrepareRequest): Promise<AppliedPrepare> => {
  const { config, runs } = request
  const [first] = plan.steps
  const record = newRecord({ url: config.url, realm: config.realm }, [], new Date())
  const file = recordFile(runs, record)
  const isNew = first?.id === 'realm'
  const begun = await withApi(request, (api) =>
    applySteps(isNew ? [first] : plan.steps, { file, record }, { ...request, api, secrets: plan.secrets }),
  )
  const done = (steps: readonly PrepareStep[], byHand: readonly StepByHand[], outcomes: readonly StepOutcome[]) => ({
    ...documentOf(request, byHand),
    action: 'applied' as const,
    steps: steps.map((step) => shownStep(step, outcomes.find(({ id }) => id === step.id) ?? notAttempted(step))),
    undoFile: file,
  })
  if (!isNew || begun.error !== undefined) {
    return { document: done(plan.steps, plan.byHand, begun.outcomes), ...errorOf(begun) }
  }
  return withApi(request, async (api) => {
    try {
      const rest = (await lookAndPlan(api, request)).plan
      const ended = await applySteps(
        rest.steps,
        { file, record: begun.record },
        { ...request, api, secrets: rest.secrets },
      )
      const outcomes = [...begun.outcomes, ...ended.outcomes]
      return { document: done([first, ...rest.steps], rest.byHand, outcomes), ...errorOf(ended) }
    } catch (error) {
      return { document: done(plan.steps, plan.byHand, begun.outcomes), error }
    }
  })
}

const notAttempted = ({ id }: PrepareStep): StepOutcome => ({ id, outcome: 'not attempted' })

const errorOf = ({ error }: { readonly error?: unknown }) => (error === undefined ? {} : { error })
