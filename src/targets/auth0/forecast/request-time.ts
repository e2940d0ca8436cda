import { limitOf, type QuotaClass } from '../api/limits.ts'
import type { Auth0Config } from '../config/auth0-config.ts'

/** How many requests of each class. */
export type Requests = Readonly<Partial<Record<Exclude<QuotaClass, 'SCIM'>, number>>>

/**
 * Seconds until the tenant has let all of these in. Classes with limits of their own are asked side by side; those that share one
 * wait for each other. What may come at once after a pause is not counted: of many requests it is little.
 */
export const secondsFor = (requests: Requests, { plan, rate }: Pick<Auth0Config, 'plan' | 'rate'>): number => {
  const seconds = new Map<string, number>()
  for (const quotaClass of CLASSES) {
    const { of, perSecond } = limitOf(plan, quotaClass)
    const count = requests[quotaClass] ?? 0
    seconds.set(of, (seconds.get(of) ?? 0) + count / (perSecond * rate.share))
  }
  return Math.max(...seconds.values())
}

const CLASSES = [
  'users read',
  'users write',
  'users delete',
  'connections read',
  'clients read',
  'logs read',
  'other',
] as const
