import { agentFor } from '../../http/agent.ts'
import { exchange } from '../../http/exchange.ts'
import { parseJson } from '../../http/json.ts'

const TIMEOUT_MS = 10_000

/** In bytes; such descriptions have some thousand. */
const LONGEST_ANSWER = 1_000_000

/**
 * What an OpenID provider says of itself, or why that cannot be read. Follows no redirection.
 * @throws the signal's reason when it is aborted
 */
export const openidDocument = async (
  url: string,
  signal: AbortSignal,
): Promise<{ readonly document: unknown } | { readonly why: string }> => {
  const agent = agentFor(url, {})
  try {
    const answer = await exchange({
      method: 'GET',
      url: `${url.replace(/\/$/, '')}/.well-known/openid-configuration`,
      headers: { accept: 'application/json' },
      agent,
      signal,
      timeoutMs: TIMEOUT_MS,
      longestAnswer: LONGEST_ANSWER,
    })
    if (answer.kind === 'lost') return { why: answer.why }
    return answer.status === 200 ? { document: parseJson(answer.text) } : { why: `it answers ${answer.status}` }
  } finally {
    agent.destroy()
  }
}
