import { simulatedClock, type TenantClock } from '../../standins/auth0/clock.ts'

/**
 * The time of a stand-in at which nobody waits. It goes as fast as this machine's; when everybody waits for the tenant, it jumps to the
 * end of the first wait. So work takes the time that it takes here, and waits for jobs and limits the time that the tenant asks for; what
 * would be done while something is waited for counts after it, so that a time is rather too long than too short.
 */
export const tenantClock = (): TenantClock => {
  const waits = simulatedClock(Date.now())
  const started = performance.now()
  return { ...waits, now: () => Math.floor(waits.now() + (performance.now() - started)) }
}
