import { z } from 'zod'
import { row } from './explanation.ts'
import { count, mapping } from './parts.ts'
import { unreached } from './runs.ts'

const rule = {
  rule: z.string().describe('The dotted path of the rule in the mapping.'),
  line: count.exactOptional().describe('Its line, where it stands in the file.'),
}

const head = { format: z.literal(1).describe('Version of this format.'), syn2op: z.string(), mapping }

export const mappingCheckSchema = z
  .object({
    kind: z.literal('mapping-check'),
    ...head,
    databases: z.union([z.enum(['asked', 'not asked']), unreached]),
    remarks: z
      .array(
        z.object({
          ...rule,
          severity: z.enum(['warning', 'notice']),
          message: z.string(),
          samples: z.array(z.string()).exactOptional().describe('A few Matrix ids.'),
        }),
      )
      .describe('Rules that match nothing, or not what they seem to be for.'),
  })
  .describe('What syn2op mapping check says of a rules file.')

const tested = z.object({
  mxid: z.string(),
  decision: z.enum(['migrate', 'hold back']).exactOptional().describe('Absent: the source has no such account.'),
  reason: z.string().exactOptional(),
  by: z.object(rule).exactOptional().describe('The rule that holds it back.'),
  cohort: z.object({ name: z.string(), ...rule }).exactOptional(),
  username: z.string().exactOptional(),
  primaryEmail: z.string().exactOptional(),
  attributes: z.record(z.string(), z.string()).exactOptional(),
  rows: z
    .array(
      z.object({
        row,
        provider: z.string().exactOptional().describe('The provider of the target that takes it.'),
        by: z.object(rule).exactOptional().describe('The rule that decided.'),
      }),
    )
    .describe('Addresses and SSO identities.'),
})

export const mappingTestSchema = z
  .object({ kind: z.literal('mapping-test'), ...head, accounts: z.array(tested) })
  .describe('What syn2op mapping test says of some accounts.')
