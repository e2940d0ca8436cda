import { createContext, Script } from 'node:vm'
import type { ActionVersion, Tenant } from '../tenant.ts'
import { auth0Package } from './management-client.ts'

/** What Actions asked for, all of them together. */
export interface Effects {
  /** Why the login is denied. */
  denied?: string
  /** The user_id of whom it is a login. */
  primary?: string
  readonly appMetadata: Record<string, unknown>
  readonly userMetadata: Record<string, unknown>
}

type Handler = (event: unknown, api: unknown) => unknown

/** Of the code itself, milliseconds; what it waits for is not counted. */
const TIMEOUT = 5000

/** What code finds around it. */
const GLOBALS = {
  AbortController,
  AbortSignal,
  Buffer,
  Headers,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  clearTimeout,
  fetch,
  setTimeout,
}

/** Node has `fetch` since 18. */
const WITHOUT_FETCH: readonly string[] = ['node12', 'node16']

const globalsOf = ({ runtime }: Pick<ActionVersion, 'runtime'>): object =>
  WITHOUT_FETCH.includes(runtime) ? { ...GLOBALS, fetch: undefined } : GLOBALS

const quiet = { log: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** @throws Error where the code asks for a package that is no dependency of the Action, or is not there */
const requiring =
  (url: string, dependencies: ActionVersion['dependencies']) =>
  (name: string): unknown => {
    const dependency = dependencies.find((each) => each.name === name)
    if (name !== 'auth0' || dependency === undefined) throw new Error(`Cannot find module '${name}'`)
    return auth0Package(url, dependency.version)
  }

const apiFor = (effects: Effects): unknown => {
  const cached = new Map<string, string>()
  return {
    access: {
      deny: (reason: string) => {
        effects.denied = reason
      },
    },
    accessToken: { setCustomClaim: () => undefined },
    authentication: {
      setPrimaryUser: (userId: string) => {
        effects.primary = userId
      },
    },
    cache: {
      get: (key: string) => (cached.has(key) ? { value: cached.get(key) } : undefined),
      set: (key: string, value: string) => {
        cached.set(key, value)
        return { type: 'success' }
      },
      delete: (key: string) => {
        cached.delete(key)
        return { type: 'success' }
      },
    },
    idToken: { setCustomClaim: () => undefined },
    user: {
      setAppMetadata: (key: string, value: unknown) => {
        effects.appMetadata[key] = value
      },
      setUserMetadata: (key: string, value: unknown) => {
        effects.userMetadata[key] = value
      },
    },
  }
}

const isHandler = (value: unknown): value is Handler => typeof value === 'function'

/** What code takes for the time is the tenant's. */
const dateOf = ({ clock }: Pick<Tenant, 'clock'>): DateConstructor =>
  new Proxy(Date, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [clock.now()] : given),
    get: (target, key) => (key === 'now' ? () => clock.now() : Reflect.get(target, key)),
  })

/**
 * Runs the code of an Action as the trigger post-login does.
 * @throws what the code throws
 */
export async function runAction(
  version: ActionVersion,
  event: object,
  effects: Effects,
  tenant: Pick<Tenant, 'url' | 'clock'>,
): Promise<void> {
  const exports: Record<string, unknown> = {}
  const context = createContext({
    ...globalsOf(version),
    Date: dateOf(tenant),
    console: quiet,
    exports,
    module: { exports },
    require: requiring(tenant.url, version.dependencies),
  })
  new Script(version.code).runInContext(context, { timeout: TIMEOUT })
  const handler = exports['onExecutePostLogin']
  if (!isHandler(handler)) return
  const secrets = Object.fromEntries(version.secrets.map(({ name, value }) => [name, value]))
  await handler({ ...event, secrets }, apiFor(effects))
}
