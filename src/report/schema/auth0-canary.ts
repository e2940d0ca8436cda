import { z } from 'zod'

export const auth0CanarySchema = z
  .object({
    kind: z.literal('auth0-canary'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    target: z.object({
      url: z.string().describe("The tenant's address."),
      connection: z.string().describe('The database connection.'),
    }),
    tag: z.string().describe("What the names of this trial's users hold."),
    claims: z.array(
      z.object({
        id: z.string(),
        says: z.string().describe('As syn2op takes it to be.'),
        verdict: z
          .enum(['confirmed', 'refuted', 'not asked'])
          .describe('not asked: it could not be, for the reason that `seen` says.'),
        seen: z.string().describe('What the tenant did.'),
        otherwise: z.string().optional().describe('What to do, where it is refuted.'),
      }),
    ),
    probes: z.enum(['removed', 'perhaps left', 'kept']).describe('What became of the users that were made.'),
  })
  .describe('What syn2op auth0 canary found out.')
