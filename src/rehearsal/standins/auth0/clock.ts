/** The time of a tenant: of its tokens, limits, jobs and deletions. Milliseconds since 1970. */
export interface TenantClock {
  now(): number
  /** @throws the signal's reason, at once when it is aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
