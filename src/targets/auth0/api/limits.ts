import type { Auth0Plan } from '../config/auth0-config.ts'

/** Requests that Auth0 counts together. */
export type QuotaClass =
  | 'users read'
  | 'users write'
  | 'users delete'
  | 'connections read'
  | 'clients read'
  | 'logs read'
  | 'SCIM'
  | 'other'

/** A bucket of so many requests, filled steadily. */
export interface Limit {
  readonly burst: number
  readonly perSecond: number
}

/** The limit that counts a class; classes of which `of` is the same share one. */
export interface NamedLimit extends Limit {
  readonly of: string
}

const MINUTE = 60

const GLOBAL: Readonly<Partial<Record<Auth0Plan, Limit>>> = {
  'free': { burst: 2, perSecond: 2 },
  'enterprise': { burst: 50, perSecond: 16 },
  'enterprise-bulk': { burst: 50, perSecond: 16 },
  'enterprise-nonproduction': { burst: 10, perSecond: 2 },
}

/** Of plans that have no limit for all together. */
const BY_CLASS: Readonly<Record<Exclude<QuotaClass, 'SCIM'>, Limit>> = {
  'users read': { burst: 40, perSecond: 500 / MINUTE },
  'users write': { burst: 20, perSecond: 200 / MINUTE },
  'users delete': { burst: 20, perSecond: 200 / MINUTE },
  'connections read': { burst: 5, perSecond: 50 / MINUTE },
  'clients read': { burst: 5, perSecond: 100 / MINUTE },
  'logs read': { burst: 10, perSecond: 100 / MINUTE },
  'other': { burst: 10, perSecond: 150 / MINUTE },
}

/** What each connection is allowed; counted for all of them together, which stays below what the tenant is. */
const SCIM: Limit = { burst: 25, perSecond: 25 }
const SCIM_OF_FREE: Limit = { burst: 5, perSecond: 5 }

/**
 * What Auth0 publishes of its rate limits (troubleshoot/customer-support/operational-policies/rate-limit-policy, August 2026). A tenant
 * can have been granted others: what its answers say counts as well.
 */
export const limitOf = (plan: Auth0Plan, of: QuotaClass): NamedLimit => {
  if (of === 'SCIM') return { of, ...(plan === 'free' ? SCIM_OF_FREE : SCIM) }
  const global = GLOBAL[plan]
  return global === undefined ? { of, ...BY_CLASS[of] } : { of: 'all', ...global }
}
