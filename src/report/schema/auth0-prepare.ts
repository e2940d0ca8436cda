import { z } from 'zod'
import { prepareAction, preparedByHand, preparedStep } from './prepared-step.ts'

export const auth0PrepareSchema = z
  .object({
    kind: z.literal('auth0-prepare'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    action: prepareAction,
    target: z.object({ url: z.string(), connection: z.string().describe('The name of the database connection.') }),
    steps: z.array(preparedStep).describe('In the order in which they are done.'),
    byHand: z.array(preparedByHand).describe('What only people can do.'),
    undoFile: z.string().exactOptional().describe('The file by which it is taken back.'),
  })
  .describe('What syn2op auth0 prepare shows, did, or took back.')
