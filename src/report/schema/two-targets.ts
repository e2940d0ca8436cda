import { z } from 'zod'
import { planSchema, runSchema, verifySchema } from './documents.ts'
import { linkSchema } from './link.ts'

const common = {
  format: z.literal(1).describe('Version of this format.'),
  syn2op: z.string().describe('Version of syn2op.'),
  serverName: z.string(),
  next: z.array(z.object({ text: z.string(), commands: z.array(z.string()) })).describe('What to do next.'),
}

export const planOfTwoSchema = z
  .object({
    kind: z.literal('plan-of-two'),
    ...common,
    plans: z
      .tuple([planSchema, planSchema])
      .describe('Of Keycloak and of MAS, in the order in which they are written.'),
    links: linkSchema
      .exactOptional()
      .describe('Between the people of both; absent where a target cannot be looked at.'),
  })
  .describe('What syn2op migrate would do at two targets.')

export const runOfTwoSchema = z
  .object({
    kind: z.literal('run-of-two'),
    ...common,
    runs: z.array(runSchema).describe('Into Keycloak and into MAS, as far as they came.'),
    links: linkSchema.exactOptional().describe('Absent while nobody is in place at MAS yet.'),
  })
  .describe('What syn2op migrate did at two targets.')

export const verifyOfTwoSchema = z
  .object({
    kind: z.literal('verify-of-two'),
    ...common,
    verifications: z.tuple([verifySchema, verifySchema]).describe('Of Keycloak and of MAS.'),
    links: linkSchema
      .exactOptional()
      .describe('Those to be written are missing. Absent while nobody is in place at MAS yet.'),
  })
  .describe('What syn2op verify found at two targets.')
