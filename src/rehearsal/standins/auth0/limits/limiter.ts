import type { Answer, LimitName } from '../answer.ts'
import { refusal } from '../answer.ts'
import type { Tenant } from '../tenant.ts'
import { type Bucket, type BucketSize, type Level, openBucket } from './bucket.ts'
import { PLAN_LIMITS } from './plans.ts'

/** A request as its limits see it. */
export interface Counted {
  readonly limit: LimitName
  readonly method: string
  /** From the root of the tenant. */
  readonly path: string
}

/** What the limits say of a request: the headers of its answer, and the answer where it is one too many. */
export interface Verdict {
  readonly headers: Readonly<Record<string, string>>
  readonly refused?: Answer
}

export interface Limiter {
  count(request: Counted): Verdict
}

const TOO_MANY = 'Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.'
const GLOBAL = 'Global limit has been reached'

const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

const refusedBy = (api: 'management' | 'authentication' | 'SCIM', whole: boolean): Answer => {
  if (api === 'authentication')
    return { status: 429, body: { error: 'access_denied', error_description: whole ? GLOBAL : TOO_MANY } }
  if (api === 'SCIM') return { status: 429, body: { schemas: [SCIM_ERROR], status: '429', detail: TOO_MANY } }
  return refusal(429, 'Too Many Requests', whole ? GLOBAL : TOO_MANY, 'too_many_requests')
}

const headersOf = ({ limit, remaining, reset }: Level): Readonly<Record<string, string>> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset),
})

interface Named {
  readonly key: string
  readonly size: BucketSize
  /** Of the whole API, not of one endpoint. */
  readonly whole: boolean
}

const apiOf = (limit: LimitName): 'management' | 'authentication' | 'SCIM' => {
  if (limit === 'authentication' || limit === 'SCIM') return limit
  return 'management'
}

/** The buckets that a request takes from: first that of the whole API, then that of what it asks. */
const bucketsFor = (tenant: Pick<Tenant, 'plan'>, { limit, method, path }: Counted): readonly Named[] => {
  const plan = PLAN_LIMITS[tenant.plan]
  const named = (key: string, size: BucketSize | undefined, whole: boolean): readonly Named[] =>
    size === undefined ? [] : [{ key, size, whole }]
  if (limit === 'none') return []
  if (limit === 'authentication')
    return [
      ...named('authentication', plan.authentication, true),
      ...(path === '/oauth/token' ? named('token', plan.token, true) : []),
    ]
  if (limit === 'SCIM')
    return [
      ...named('SCIM', plan.scimTenant, true),
      ...named(`SCIM ${path.split('/')[4] ?? ''}`, plan.scimConnection, false),
    ]
  const asked = method === 'GET' && path.startsWith('/api/v2/connections') ? 'connections read' : limit
  const endpoint = plan.endpoints[asked] === undefined ? 'other' : asked
  return [...named('management', plan.management, true), ...named(endpoint, plan.endpoints[endpoint], false)]
}

/** Counts the requests of a tenant on its own clock. */
export const openLimiter = (tenant: Pick<Tenant, 'plan' | 'clock'>): Limiter => {
  const buckets = new Map<string, Bucket>()
  const bucketOf = ({ key, size }: Named): Bucket => {
    const bucket = buckets.get(key) ?? openBucket(size)
    buckets.set(key, bucket)
    return bucket
  }
  return {
    count: (request) => {
      let headers: Readonly<Record<string, string>> = {}
      for (const named of bucketsFor(tenant, request)) {
        const level = bucketOf(named).take(tenant.clock.now())
        headers = headersOf(level)
        if (!level.taken) return { headers, refused: refusedBy(apiOf(request.limit), named.whole) }
      }
      return { headers }
    },
  }
}
