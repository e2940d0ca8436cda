import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Answer, refusal } from './answer.ts'
import { realClock, type TenantClock } from './clock.ts'
import { type Dispatcher, openDispatcher } from './dispatch.ts'
import { type Fault, type FaultKind, openFaults } from './faults.ts'
import { type Received, receive, send } from './http.ts'
import { openExportJobs } from './jobs/export-jobs.ts'
import { openImportJobs } from './jobs/import-jobs.ts'
import { openTenant } from './open-tenant.ts'
import type { Readings } from './readings.ts'
import type { PlanName } from './rules/rule.ts'
import type { Client, Connection, Tenant } from './tenant.ts'

export interface StandInOptions {
  /** Enterprise, unless it is said. */
  readonly plan?: PlanName
  /** The machine's own, unless it is said. */
  readonly clock?: TenantClock
  readonly faults?: readonly Fault[]
  /** Of what strikes by chance. */
  readonly seed?: number
  /** Some free port of the loopback, unless it is said. */
  readonly port?: number
  /** Rows of one import job an hour, other than the plan's usual. */
  readonly jobSpeed?: number
  /** Milliseconds after which searches see what was written, other than five seconds. */
  readonly searchLag?: number
  /** Where Auth0's texts can be read in two ways: other than usual. */
  readonly readings?: Partial<Readings>
  /** Is given every request as it came, with the secrets that are in it. */
  readonly watch?: (received: Received) => void
}

/** A request that came, without what was in it. */
export interface Seen {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Undefined: the connection broke before the answer. */
  readonly status: number | undefined
  /** Of the body that came. */
  readonly bytes: number
  /** The tenant's time, milliseconds since 1970. */
  readonly at: number
  /** What went wrong with it. */
  readonly fault?: FaultKind
}

/** A tenant that answers on the loopback. */
export interface StandIn extends AsyncDisposable {
  readonly url: string
  /** What a job has done by now is in it after the next request, or when the stand-in is closed. */
  readonly tenant: Tenant
  /** An application that may ask everything of the Management API. */
  readonly client: Client
  /** A database connection that it is enabled for. */
  readonly connection: Connection
  readonly requests: readonly Seen[]
  close(): Promise<void>
}

/** How long a slow answer takes. */
const SLOW = 30_000

const seconds = (ms: number): number => Math.ceil(ms / 1000)

const outOfTurn = (now: number): Answer => ({
  ...refusal(429, 'Too Many Requests', 'Global limit has been reached', 'too_many_requests'),
  headers: { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds(now) + 1) },
})

/** What is answered where something goes wrong; undefined: nothing, the connection breaks. */
const answerWith = async (
  strike: FaultKind | undefined,
  clock: Pick<TenantClock, 'now' | 'sleep'>,
  answer: () => Promise<Answer>,
): Promise<Answer | undefined> => {
  if (strike === 'reset before') return undefined
  if (strike === 'error before') return refusal(503, 'Service Unavailable', 'Service Unavailable')
  if (strike === 'too many requests') return outOfTurn(clock.now())
  if (strike === 'slow answer') await clock.sleep(SLOW)
  if (strike === 'twice') await answer()
  const answered = await answer()
  if (strike === 'answer lost') return undefined
  return strike === 'error after' ? refusal(500, 'Internal Server Error', 'Internal Server Error') : answered
}

/** No tenant answers so. */
const ownFault = (error: unknown): Answer =>
  refusal(
    500,
    'Internal Server Error',
    `The stand-in itself is wrong: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
  )

const listening = (server: ReturnType<typeof createServer>, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

/**
 * Starts a tenant of Auth0's that is none: it holds requests to the rules that Auth0 publishes (`rules/`), keeps users, jobs
 * and limits on a clock of its own, and goes wrong as it is told to.
 * @throws where the port is taken
 */
export const startStandIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  const { plan = 'enterprise', clock = realClock(), faults = [], seed = 1, searchLag, readings } = options
  const server = createServer()
  const url = `http://127.0.0.1:${await listening(server, options.port ?? 0)}`
  const closing = new AbortController()
  const { tenant, client, connection } = openTenant({
    url,
    plan,
    clock,
    ...(searchLag === undefined ? {} : { searchLag }),
    ...(readings === undefined ? {} : { readings }),
  })
  const imports = openImportJobs(tenant, options.jobSpeed, closing.signal)
  const exports = openExportJobs(tenant, closing.signal)
  const dispatcher: Dispatcher = openDispatcher(tenant, imports, exports)
  const strikes = openFaults(faults, seed)
  const requests: Seen[] = []

  const handle = async (
    received: Received,
    strike: FaultKind | undefined,
    handling: Pick<TenantClock, 'now' | 'sleep'>,
  ): Promise<Answer | undefined> =>
    answerWith(strike, handling, () => {
      imports.catchUp()
      exports.catchUp()
      return dispatcher.answer(received, strike)
    })

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    let release = clock.hold?.()
    response.once('close', () => release?.())
    const sleep = async (ms: number): Promise<void> => {
      release?.()
      await clock.sleep(ms, closing.signal)
      release = clock.hold?.()
    }
    try {
      const received = await receive(message)
      options.watch?.(received)
      const at = clock.now()
      const { method, path } = received
      const fault = strikes.strike(method, path)
      const answer = await handle(received, fault, { now: clock.now, sleep }).catch(ownFault)
      const struck = fault === undefined ? {} : { fault }
      requests.push({ method, path, status: answer?.status, bytes: received.body.byteLength, at, ...struck })
      if (answer === undefined) message.socket.destroy()
      else send(response, answer, clock.now())
    } finally {
      // Whoever went away while it slept does not go again.
      if (response.closed) release?.()
    }
  }

  server.on('request', (message, response) => {
    serve(message, response).catch(() => message.socket.destroy())
  })

  const close = async (): Promise<void> => {
    imports.catchUp()
    closing.abort()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url, tenant, client, connection, requests, close, [Symbol.asyncDispose]: close }
}
