import type { Answered } from '../../http/exchange.ts'

/** What an answer says of the limit that counted its request. */
export interface RateLimit {
  /** Requests that fit into the bucket. */
  readonly limit: number
  readonly remaining: number
}

type Headers = Readonly<Record<string, string>>

const countOf = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined

/** Undefined where the answer says nothing. */
export const rateLimitOf = (headers: Headers): RateLimit | undefined => {
  const [limit, remaining] = [countOf(headers['x-ratelimit-limit']), countOf(headers['x-ratelimit-remaining'])]
  return limit === undefined || remaining === undefined ? undefined : { limit, remaining }
}

/** Times in headers are whole seconds. */
const SHORTEST_MS = 1000

/** What says to wait longer says it of a limit by the day, or is not understood: it is asked again before. */
const LONGEST_MS = 60_000

/**
 * Milliseconds for which an answer asks for patience: until x-ratelimit-reset, by the clock by which the answer itself was dated, since
 * this machine's may be another, or as Retry-After says, whichever is longer. Undefined where it says neither.
 */
export const pauseOf = (headers: Headers, retryAfter: number | undefined): number | undefined => {
  const reset = countOf(headers['x-ratelimit-reset'])
  const dated = Date.parse(headers['date'] ?? '')
  const untilReset = reset === undefined || Number.isNaN(dated) ? undefined : reset * 1000 - dated
  const asked = [untilReset, retryAfter].filter((one) => one !== undefined)
  return asked.length === 0 ? undefined : Math.min(Math.max(...asked, SHORTEST_MS), LONGEST_MS)
}

/** How Auth0 refuses an import job while two others are at work: with the status of the rate limits, and for as long as these take. */
const JOBS_AT_WORK = /active import users jobs/i

/** Whether too many import jobs are at work for one more. */
const areJobsAtWork = ({ status, text }: Pick<Answered, 'status' | 'text'>): boolean =>
  status === 429 && JOBS_AT_WORK.test(text)

/** Whether a request came too fast, and is to be repeated. */
export const isRateLimited = (answer: Pick<Answered, 'status' | 'text'>): boolean =>
  answer.status === 429 && !areJobsAtWork(answer)
