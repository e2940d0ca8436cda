import { z } from 'zod'
import { prepareAction, preparedByHand, preparedStep } from './prepared-step.ts'

export const keycloakPrepareSchema = z
  .object({
    kind: z.literal('keycloak-prepare'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    action: prepareAction,
    target: z.object({ url: z.string(), realm: z.string() }),
    steps: z.array(preparedStep).describe('In the order in which they are done.'),
    byHand: z.array(preparedByHand).describe('What only people can do.'),
    wirings: z
      .array(
        z.object({
          application: z.enum(['synapse', 'mas']),
          file: z.string().describe('Where the block belongs.'),
          block: z.string().describe('YAML; its client secret is named by a file.'),
        }),
      )
      .describe('What applications must be told to sign people in by Keycloak.'),
    undoFile: z.string().exactOptional().describe('The file by which it is taken back.'),
    realmFile: z
      .string()
      .exactOptional()
      .describe('Where a new realm was written to, or what is added to one that exists and changes.'),
  })
  .describe('What syn2op keycloak prepare shows, did, or took back.')
