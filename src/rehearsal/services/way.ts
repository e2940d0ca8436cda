import type { Lease } from '../leases/lease.ts'

/** By what a service is had. given: it was there before; local: programs of this machine; stand-in: ours, that only acts as it. */
export const BACKENDS = ['given', 'containers', 'local', 'stand-in'] as const
export type Backend = (typeof BACKENDS)[number]

/** What a service is started with. */
export interface StartContext {
  readonly lease: Lease
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** A service that runs. `stop` ends it and deletes what it has; it may be called more than once. */
export interface Service {
  readonly backend: Backend
  /** For people: `embedded PostgreSQL 18.4`, `container keycloak/keycloak:26.7.3`, `Keycloak 26.7.0 in /opt/keycloak`. */
  readonly what: string
  /** Lets it go on when we end: its guard is dismissed, and a reaper of containers does not know it. */
  keep(): Promise<void>
  stop(): Promise<void>
}

/** One way to have a service. */
export interface Way<Started extends Service> {
  readonly backend: Backend
  /** Why it cannot be tried here, in words; undefined: it can. */
  why(signal: AbortSignal): Promise<string | undefined>
  /** @throws Syn2opError rehearsal.no-backend where it does not start: the next way is tried, unless this one was asked for. */
  start(context: StartContext): Promise<Started>
}
