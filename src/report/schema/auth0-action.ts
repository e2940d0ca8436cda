import { z } from 'zod'

export const auth0ActionSchema = z
  .object({
    kind: z.literal('auth0-action'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    target: z.object({ url: z.string().describe("The tenant's address.") }),
    name: z.string().describe("The Action's name at the tenant."),
    connections: z.array(z.string()).describe('Names of the connections whose people it links.'),
    found: z
      .enum(['absent', 'other code', 'not bound', 'runs'])
      .describe('Before anything was done. runs: as this version has it, at every login.'),
    done: z.array(z.string()).describe('In words, what was done; empty where nothing was.'),
    needless: z.array(z.string()).describe("Scopes of the Action's application that it does not need."),
  })
  .describe('What syn2op auth0 action found, or did.')
