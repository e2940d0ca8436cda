import type { Answer } from './exchange.ts'

/** Why a browser gives an answer to no page of another origin. */
export interface Unreadable {
  readonly why: 'absent' | 'another' | 'twice'
  /** Such as `has no access-control-allow-origin`, said of what was asked. */
  readonly what: string
  /** The header as it came; absent where there was none. */
  readonly seen?: string
}

const ALLOW_ORIGIN = 'access-control-allow-origin'

const ofHeaders = (headers: Answer['headers'], origin: string): Unreadable | undefined => {
  const seen = headers[ALLOW_ORIGIN]
  if (seen === undefined) return { why: 'absent', what: `has no ${ALLOW_ORIGIN}` }
  if (seen === '*' || seen === origin) return undefined
  return seen.includes(',')
    ? { why: 'twice', what: `has ${ALLOW_ORIGIN} twice, and browsers take it once only`, seen }
    : { why: 'another', what: 'allows another origin alone', seen }
}

/** Whether a page of this origin may read the answer: a browser looks at each redirection on the way to it, and then at itself. */
export const unreadable = ({ headers, redirections = [] }: Answer, origin: string): Unreadable | undefined => {
  for (const hop of redirections) {
    const found = ofHeaders(hop.headers, origin)
    if (found !== undefined)
      return { ...found, what: `redirects (${hop.status} of ${hop.url}), and that ${found.what}` }
  }
  return ofHeaders(headers, origin)
}

/** What to change where the header stands twice: the server sends it, and the proxy adds its own. */
export const ONCE_ALONE =
  'The header is sent twice: by the server itself, and by a proxy before it. Take one away: drop the add_header Access-Control-Allow-Origin of nginx, or let it hide the one of the server: proxy_hide_header Access-Control-Allow-Origin;'
