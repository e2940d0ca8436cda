import type { Answer } from '../../http/exchange.ts'
import type { JsonObject } from '../../metadata/reading.ts'
import { answerWords, isOwnError } from './saying.ts'

/** What an answer at the address of a page for people is; `what` completes the sentence `authorization_endpoint …`. */
export type PageSeen = { readonly is: 'there' } | { readonly is: 'elsewhere' | 'wrong'; readonly what: string }

/** Hosts that are the OP's by its own document. */
const hostsOf = (document: JsonObject): ReadonlySet<string> =>
  new Set(
    Object.entries(document).flatMap(([name, value]) =>
      typeof value === 'string' && (name === 'issuer' || /_(?:endpoint|uri)$/u.test(name))
        ? (URL.parse(value)?.host ?? [])
        : [],
    ),
  )

/**
 * Whether people who open this address see the OP. An OP may have its login on a host of another name (Okta and Auth0 do with
 * domains of one's own), and a domain that is sold redirects too: of another host nothing is known from here.
 */
export const pageSeen = (answer: Answer, document: JsonObject): PageSeen => {
  const words = answerWords(answer)
  const { status } = answer
  // Cloudflare asks what is no browser; a browser answers it, and people see nothing of that.
  if (answer.headers['cf-mitigated'] === 'challenge') {
    return { is: 'elsewhere', what: `answers ${words}, by which Cloudflare wants to see a browser` }
  }
  if (status === 404 || status === 405) return { is: 'wrong', what: `answers ${words}: there is no such route` }
  if (status >= 500) return { is: 'wrong', what: `answers ${words}` }
  if ((status === 401 || status === 403) && !isOwnError(answer.json)) {
    return { is: 'wrong', what: `answers ${words}: something before the OP refuses it` }
  }
  if (status < 300 || status >= 400) return { is: 'there' }
  const to = URL.parse(answer.headers['location'] ?? 'none:', answer.url)
  if (to === null || !/^https?:$/u.test(to.protocol))
    return { is: 'wrong', what: `redirects to nowhere with ${status}` }
  return to.host === URL.parse(answer.url)?.host || hostsOf(document).has(to.host)
    ? { is: 'there' }
    : { is: 'elsewhere', what: `answers ${status}, which leads to ${to.origin}` }
}
