import { type Answer, type Operation, refusal } from './answer.ts'
import { type FaultKind, isOfImports } from './faults.ts'
import { incomingOf, type Received } from './http.ts'
import type { ExportJobs } from './jobs/export-jobs.ts'
import type { ImportJobs } from './jobs/import-jobs.ts'
import { type JobFault, jobOperations } from './jobs/operations.ts'
import { type Limiter, openLimiter } from './limits/limiter.ts'
import { type Entrance, enter, withoutScope } from './management-token.ts'
import { MANAGEMENT_OPERATIONS, SCIM_OPERATIONS } from './operations/index.ts'
import { findOperation } from './router.ts'
import { enterScim, scimRefusal } from './scim-token.ts'
import type { Tenant } from './tenant.ts'
import { tokenEndpoint } from './token-endpoint.ts'

const MANAGEMENT = '/api/v2'
const SCIM = '/scim/v2'
const EXPORTS = '/exports'

/** Answers requests to a tenant. */
export interface Dispatcher {
  /** `strike`: what is to go wrong with its job, or with its token. */
  answer(received: Received, strike: FaultKind | undefined): Promise<Answer>
}

interface Api {
  readonly root: string
  readonly operations: readonly Operation[]
  enter(received: Received, segments: readonly string[]): Entrance
  readonly refuse: (status: number, message: string) => Answer
  readonly scope: (operation: Operation, scopes: ReadonlySet<string>) => Answer | undefined
}

const isOf = (api: string, path: string): boolean => path === api || path.startsWith(`${api}/`)

const jobFaultOf = (strike: FaultKind | undefined): JobFault | undefined =>
  strike !== undefined && (isOfImports(strike) || strike === 'export lags') ? strike : undefined

const answerOf = async (
  tenant: Tenant,
  api: Api,
  limiter: Limiter,
  received: Received,
  note: (incoming: object) => void,
): Promise<Answer> => {
  const { method, path } = received
  const blank = incomingOf(received, api.root, new Set())
  const entrance = api.enter(received, blank.segments)
  if ('refused' in entrance) return entrance.refused
  const matched = findOperation(api.operations, method, blank.segments)
  const limited = limiter.count({ limit: matched?.operation.limit ?? 'other', method, path })
  const withHeaders = (answer: Answer): Answer => ({ ...answer, headers: { ...limited.headers, ...answer.headers } })
  if (limited.refused !== undefined) return withHeaders(limited.refused)
  if (matched === undefined) return withHeaders(api.refuse(404, 'Not Found'))
  const refused = api.scope(matched.operation, entrance.scopes)
  if (refused !== undefined) return withHeaders(refused)
  const incoming = { ...blank, scopes: entrance.scopes }
  note(incoming)
  return withHeaders(await matched.operation.answer(tenant, incoming, matched.parameters))
}

/** The APIs of a tenant behind their tokens and limits. */
export const openDispatcher = (tenant: Tenant, imports: ImportJobs, exports: ExportJobs): Dispatcher => {
  const limiter = openLimiter(tenant)
  const withdrawn = new Set<string>()
  const jobFaults = new WeakMap<object, JobFault>()

  const management: Api = {
    root: MANAGEMENT,
    operations: [...jobOperations(imports, exports, (incoming) => jobFaults.get(incoming)), ...MANAGEMENT_OPERATIONS],
    enter: ({ headers }) => enter(tenant, headers['authorization'], withdrawn),
    refuse: (status, message) => refusal(status, message, message),
    scope: ({ scopes }, given) => withoutScope(scopes, given),
  }
  const scim: Api = {
    root: SCIM,
    operations: SCIM_OPERATIONS,
    enter: ({ headers }, segments) => enterScim(tenant, segments[1] ?? '', headers['authorization']),
    refuse: scimRefusal,
    scope: ({ scopes }, given) =>
      withoutScope(scopes, given) === undefined
        ? undefined
        : scimRefusal(403, `Insufficient scope: ${scopes.join(', ')}`),
  }

  return {
    answer: async (received, strike) => {
      const { path, headers } = received
      if (strike === 'token expires') withdrawn.add((headers['authorization'] ?? '').slice('Bearer '.length))
      const note = (incoming: object): void => {
        const fault = jobFaultOf(strike)
        if (fault !== undefined) jobFaults.set(incoming, fault)
      }
      if (isOf(MANAGEMENT, path)) return answerOf(tenant, management, limiter, received, note)
      if (isOf(SCIM, path)) return answerOf(tenant, scim, limiter, received, note)
      if (isOf(EXPORTS, path)) return exports.download(path.slice(EXPORTS.length + 1), received.query)
      const limited = limiter.count({ limit: 'authentication', method: received.method, path })
      const answer =
        limited.refused ??
        (path === '/oauth/token' && received.method === 'POST'
          ? await tokenEndpoint(tenant, incomingOf(received, '', new Set()))
          : { status: 404, body: 'Not Found' })
      return { ...answer, headers: { ...limited.headers, ...answer.headers } }
    },
  }
}
