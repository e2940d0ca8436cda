import { type FaultKind, isOfImports } from '../../../../src/rehearsal/standins/auth0/faults.ts'
import { ROWS_AN_HOUR } from '../../../../src/rehearsal/standins/auth0/jobs/speeds.ts'
import { PLAN_LIMITS } from '../../../../src/rehearsal/standins/auth0/limits/plans.ts'
import type { Seen } from '../../../../src/rehearsal/standins/auth0/server.ts'
import type { Tenant } from '../../../../src/rehearsal/standins/auth0/tenant.ts'
import type { RunDocument } from '../../../../src/report/documents.ts'
import type { FaultyTenant } from './tenant.ts'

/** What a migration has cost, by what its tenant has seen. */
export interface Cost {
  readonly what: string
  readonly created: number
  readonly heldBack: number
  readonly rejected: number
  readonly requests: number
  readonly jobs: number
  readonly megabytes: number
  readonly minutes: number
  /** What no client can fall below at this plan: two jobs at once, at their speed, and the requests at their limit. */
  readonly least: number
  /** How often what went wrong. */
  readonly faults: Readonly<Record<string, number>>
}

export const outcomeCount = ({ outcomes = [] }: Pick<RunDocument, 'outcomes'>, wanted: string): number =>
  outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0

const MINUTE = 60_000

const UNCOUNTED: readonly (FaultKind | undefined)[] = ['reset before', 'error before', 'too many requests']
const UNCOUNTED_STATUS: readonly (number | undefined)[] = [401, 429]

/** Whether the limit surely counted it. */
const isCounted = ({ fault, status }: Seen): boolean => !UNCOUNTED.includes(fault) && !UNCOUNTED_STATUS.includes(status)

/** Minutes that two jobs take for so many users, and that so many requests need at their limit. */
const leastOf = ({ plan }: Tenant, users: number, requests: readonly Seen[]): number => {
  const { burst = 0, refill = 1 } = PLAN_LIMITS[plan].management ?? {}
  const beyond = Math.max(0, requests.filter(isCounted).length - burst)
  return Math.max((60 * users) / (2 * ROWS_AN_HOUR[plan]), beyond / refill / 60)
}

interface Migrated {
  readonly tenant: FaultyTenant
  /** The tenant's time when it began. */
  readonly since: number
  readonly document: Pick<RunDocument, 'outcomes'>
}

export const costOf = (what: string, { tenant, since, document }: Migrated): Cost => {
  const requests = tenant.standIn.requests.filter(({ at }) => at >= since)
  const ours = requests.filter(({ path }) => path.startsWith('/api/v2/'))
  const imports = ours.filter(({ method, path }) => method === 'POST' && path.endsWith('/users-imports'))
  const created = tenant.newcomers().size
  return {
    what,
    created,
    heldBack: outcomeCount(document, 'held back'),
    rejected: outcomeCount(document, 'rejected'),
    requests: ours.length,
    jobs: [...tenant.standIn.tenant.jobs.values()].filter(({ type }) => type === 'users_import').length,
    megabytes: imports.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
    minutes: (tenant.clock.now() - since) / MINUTE,
    least: leastOf(tenant.standIn.tenant, created, ours),
    faults: faultsIn(requests, tenant.cut),
  }
}

/** Of a request that made no job, since others were at work, no job can go wrong. */
const hasStruck = ({ fault, status }: Seen): boolean => fault !== undefined && (!isOfImports(fault) || status === 202)

/** @param cut requests of a run that had died */
const faultsIn = (requests: readonly Seen[], cut: number): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>()
  for (const { fault } of requests.filter(hasStruck))
    if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  if (cut > 0) counts.set('reset before', (counts.get('reset before') ?? 0) - cut)
  return Object.fromEntries(counts)
}

const short = (number: number): number => Math.round(number * 10) / 10

export const printCosts = (title: string, costs: readonly Cost[]): void => {
  console.log(`${title} (minutes of a simulated clock, at a stand-in: no tenant of Auth0's was asked)`)
  console.table(
    costs.map(({ what, created, heldBack, rejected, requests, jobs, megabytes, minutes, least }) => ({
      what,
      created,
      'held back': heldBack,
      rejected,
      requests,
      jobs,
      megabytes: short(megabytes),
      minutes: short(minutes),
      'minutes at least': short(least),
    })),
  )
  console.table(Object.fromEntries(costs.map(({ what, faults }) => [what, faults])))
}
