import { z } from 'zod'
import { count } from './parts.ts'

export const keycloakProviderSchema = z
  .object({
    kind: z.literal('keycloak-provider'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    file: z.string().describe('Where the jar is: an absolute path.'),
    outcome: z
      .enum(['written', 'replaced', 'unchanged'])
      .describe('replaced: another file of that name was there. unchanged: the same was there.'),
    version: z.string().describe("The provider's own version."),
    bytes: count,
    sha256: z.string().describe('Of the jar, hexadecimal.'),
    pepperSetting: z.string().describe('The setting of Keycloak that takes the pepper of Synapse.'),
    next: z.array(z.string()).describe('What to do next, in order.'),
  })
  .describe('What syn2op keycloak provider wrote.')
