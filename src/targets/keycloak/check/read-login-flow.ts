import { z } from 'zod'
import type { AdminApi } from '../api/admin-api.ts'
import { adminPath } from '../api/admin-path.ts'
import type { SeenLogin } from './seen.ts'

const EXECUTIONS = z.array(
  z.object({
    providerId: z.string().optional(),
    requirement: z.string(),
    /** 0 at the top; what belongs to a flow follows it, one deeper. */
    level: z.number(),
    authenticationConfig: z.string().optional(),
  }),
)

type Execution = z.output<typeof EXECUTIONS>[number]

const CONFIG = z.object({ config: z.record(z.string(), z.string()).default({}) })

const ASKS_FOR_PASSWORD: readonly string[] = ['auth-username-password-form', 'auth-password-form']
const REDIRECTOR = 'identity-provider-redirector'

/** Undefined where the flow cannot be understood. @throws Syn2opError as `AdminApi.send` */
export const readLoginFlow = async (
  api: AdminApi,
  flow: string,
  signal: AbortSignal,
): Promise<SeenLogin | undefined> => {
  const path = adminPath`authentication/flows/${flow}/executions`
  const { data } = EXECUTIONS.safeParse((await api.send({ method: 'GET', path, signal })).body)
  if (data === undefined) return undefined
  const steps = enabled(data)
  const redirector = steps.find(({ providerId }) => providerId === REDIRECTOR)
  const redirectsTo = await defaultProvider(api, redirector?.authenticationConfig, signal)
  return {
    asksForPassword: steps.some(({ providerId }) => providerId !== undefined && ASKS_FOR_PASSWORD.includes(providerId)),
    ...(redirectsTo === undefined ? {} : { redirectsTo }),
  }
}

const DISABLED = 'DISABLED'

/** Without what belongs to a flow that is switched off. */
const enabled = (all: readonly Execution[]): readonly Execution[] => {
  const left: Execution[] = []
  let offFrom = Number.POSITIVE_INFINITY
  for (const step of all) {
    if (step.level > offFrom) continue
    offFrom = step.requirement === DISABLED ? step.level : Number.POSITIVE_INFINITY
    if (step.requirement !== DISABLED) left.push(step)
  }
  return left
}

const defaultProvider = async (
  api: AdminApi,
  id: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> => {
  if (id === undefined) return undefined
  const { body } = await api.send({ method: 'GET', path: adminPath`authentication/config/${id}`, signal })
  const alias = CONFIG.safeParse(body).data?.config['defaultProvider']
  return alias === '' ? undefined : alias
}
