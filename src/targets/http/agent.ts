import { type AgentOptions, Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

/** What keeps connections to an address. */
export const agentFor = (url: string, options: AgentOptions): HttpAgent =>
  new (url.startsWith('https:') ? HttpsAgent : HttpAgent)(options)
