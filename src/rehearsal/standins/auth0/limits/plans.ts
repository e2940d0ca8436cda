import type { LimitName } from '../answer.ts'
import type { PlanName } from '../rules/rule.ts'
import type { BucketSize } from './bucket.ts'

/** The limits of a plan: of an API as a whole, then of what is asked of it. What is not named has no limit of its own. */
export interface PlanLimits {
  readonly management?: BucketSize
  readonly authentication: BucketSize
  readonly token?: BucketSize
  readonly scimConnection: BucketSize
  readonly scimTenant: BucketSize
  readonly endpoints: Readonly<Partial<Record<EndpointLimit, BucketSize>>>
}

export type EndpointLimit = Exclude<LimitName, 'authentication' | 'SCIM' | 'none'> | 'connections read'

const perSecond = (refill: number, burst = refill): BucketSize => ({ burst, refill, per: 'second' })
const perMinute = (refill: number, burst = refill): BucketSize => ({ burst, refill, per: 'minute' })

const paid: PlanLimits = {
  authentication: perSecond(25),
  scimConnection: perSecond(25),
  scimTenant: perSecond(100),
  endpoints: {
    'users read': perMinute(500, 40),
    'users write': perMinute(200, 20),
    'users delete': perMinute(200, 20),
    'connections read': perMinute(50, 5),
    'clients read': perMinute(100, 5),
    'logs read': perMinute(100, 10),
    other: perMinute(150, 10),
  },
}

const enterprise: PlanLimits = {
  management: perSecond(16, 50),
  authentication: perSecond(100),
  scimConnection: perSecond(25),
  scimTenant: perSecond(100),
  endpoints: { 'organizations of users': perMinute(500, 40) },
}

/** As the rules `limits.*` say. */
export const PLAN_LIMITS: Readonly<Record<PlanName, PlanLimits>> = {
  free: {
    management: perSecond(2),
    authentication: perMinute(300),
    token: perSecond(30),
    scimConnection: perSecond(5),
    scimTenant: perSecond(5),
    endpoints: {},
  },
  essentials: paid,
  professional: paid,
  enterprise,
  'enterprise-nonproduction': { ...enterprise, management: perSecond(2, 10) },
  'enterprise-bulk': enterprise,
}
